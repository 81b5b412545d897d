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

    public virtual object Clone() => MemberwiseClone();
}
