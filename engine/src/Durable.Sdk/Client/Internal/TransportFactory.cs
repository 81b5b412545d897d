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
            : options.Tls is null && options.ApiKey is not null ? new GrpcTlsOptions() : null;
        return new GrpcClientTransport(new GrpcClientOptions
        {
            Target = target,
            Tls = tls,
            KeepAliveInterval = options.KeepAlive?.Interval,
            KeepAliveTimeout = options.KeepAlive?.Timeout ?? TimeSpan.FromSeconds(15),
            ConnectProxy = options.HttpConnectProxy?.TargetHost is { } proxy ? new Uri($"http://{proxy}") : null,
        });
    }
}
