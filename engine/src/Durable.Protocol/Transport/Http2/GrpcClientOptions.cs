namespace Durable.Protocol.Http2;

/// <summary>How to reach a gRPC server.</summary>
public sealed record GrpcClientOptions
{
    /// <summary><c>host:port</c>.</summary>
    public required string Target { get; init; }

    /// <summary>Null: plain text HTTP/2 with prior knowledge.</summary>
    public GrpcTlsOptions? Tls { get; init; }

    /// <summary>Time between HTTP/2 pings, sent also while idle. Null: no pings.</summary>
    public TimeSpan? KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A ping that is not answered within this ends the connection.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Largest message accepted, before and after inflating.</summary>
    public int MaximumReceiveBytes { get; init; } = 128 * 1024 * 1024;

    public bool SendGzip { get; init; }

    /// <summary>An HTTP proxy to tunnel through with CONNECT. Null: none, whatever the environment says.</summary>
    public GrpcProxyOptions? Proxy { get; init; }
}

/// <summary>An HTTP proxy.</summary>
public sealed record GrpcProxyOptions
{
    /// <summary><c>host:port</c>.</summary>
    public required string Target { get; init; }

    /// <summary>For basic authentication. Null: none.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }
}

/// <summary>TLS of a connection; all PEM. Without a root the machine's are used.</summary>
public sealed record GrpcTlsOptions
{
    public byte[]? ServerRootCertificate { get; init; }

    /// <summary>With the key, or neither; certificates that follow the first are sent along.</summary>
    public byte[]? ClientCertificate { get; init; }

    public byte[]? ClientPrivateKey { get; init; }

    /// <summary>Name to ask for and to check instead of the target's host.</summary>
    public string? Domain { get; init; }
}
