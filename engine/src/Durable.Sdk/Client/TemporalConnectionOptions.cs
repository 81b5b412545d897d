using Temporalio.Runtime;

namespace Temporalio.Client;

public class TemporalConnectionOptions : ICloneable
{
    public TemporalConnectionOptions()
    {
    }

    public TemporalConnectionOptions(string targetHost)
    {
        TargetHost = targetHost;
    }

    public string? ApiKey { get; set; }

    public DnsLoadBalancingOptions? DnsLoadBalancing { get; set; }

    public HttpConnectProxyOptions? HttpConnectProxy { get; set; }

    public string? Identity { get; set; }

    public KeepAliveOptions? KeepAlive { get; set; } = new();

    public IReadOnlyCollection<KeyValuePair<string, byte[]>>? RpcBinaryMetadata { get; set; }

    public IReadOnlyCollection<KeyValuePair<string, string>>? RpcMetadata { get; set; }

    public RpcRetryOptions? RpcRetry { get; set; }

    public TemporalRuntime? Runtime { get; set; }

    public string? TargetHost { get; set; }

    public TlsOptions? Tls { get; set; }

    /// <summary>A copy with options of its own; metadata and runtime are the same.</summary>
    public virtual object Clone()
    {
        var copy = (TemporalConnectionOptions)MemberwiseClone();
        copy.Tls = (TlsOptions?)Tls?.Clone();
        copy.RpcRetry = (RpcRetryOptions?)RpcRetry?.Clone();
        copy.KeepAlive = (KeepAliveOptions?)KeepAlive?.Clone();
        copy.DnsLoadBalancing = (DnsLoadBalancingOptions?)DnsLoadBalancing?.Clone();
        copy.HttpConnectProxy = (HttpConnectProxyOptions?)HttpConnectProxy?.Clone();
        return copy;
    }
}
