using Durable.Protocol;
using Durable.Protocol.Http2;

namespace Temporalio.Client.Internal;

/// <summary>The transport that connection options describe.</summary>
internal static class TransportFactory
{
    public static RpcTransport Create(TemporalConnectionOptions options)
    {
        var target = options.TargetHost ?? throw new ArgumentException("Missing TargetHost", nameof(options));
        if (!target.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException("TargetHost must be in host:port form", nameof(options));
        }
        if (InProcessTargets.Find(target) is { } inProcess)
        {
            return inProcess;
        }
        // An API key asks for TLS, unless that is switched off.
        var tls = options.Tls is { Disabled: false } given
            ? new GrpcTlsOptions
            {
                ServerRootCertificate = given.ServerRootCACert,
                ClientCertificate = given.ClientCert,
                ClientPrivateKey = given.ClientPrivateKey,
                Domain = given.Domain,
            }
            : options.Tls is null && !string.IsNullOrEmpty(options.ApiKey) ? new GrpcTlsOptions() : null;
        if ((tls?.ClientCertificate is { Length: > 0 }) != (tls?.ClientPrivateKey is { Length: > 0 }))
        {
            throw new ArgumentException("Client cert and private key must both be present or neither when TlsOptions is configured", nameof(options));
        }
        return new GrpcClientTransport(new GrpcClientOptions
        {
            Target = target,
            Tls = tls,
            KeepAliveInterval = options.KeepAlive?.Interval,
            KeepAliveTimeout = options.KeepAlive?.Timeout ?? TimeSpan.FromSeconds(15),
            Proxy = options.HttpConnectProxy is { } proxy ? ProxyOf(proxy) : null,
        });
    }

    private static GrpcProxyOptions ProxyOf(HttpConnectProxyOptions proxy) => new()
    {
        Target = proxy.TargetHost ?? throw new ArgumentException("TargetHost is required for the HTTP proxy", nameof(proxy)),
        User = proxy.BasicAuth?.Username,
        Password = proxy.BasicAuth?.Password,
    };
}
