using Google.Protobuf;

namespace Durable.Protocol;

/// <summary>The caller's end of a connection: over HTTP/2, or straight into a router of the same process.</summary>
/// <remarks>Thread-safe. Never retries: that is the caller's policy.</remarks>
public abstract class RpcTransport : IAsyncDisposable
{
    /// <summary>Makes one call.</summary>
    /// <exception cref="RpcFaultException">The answer was not OK, the peer could not be reached (<c>Unavailable</c>) or
    /// <see cref="RpcCallOptions.Timeout"/> ran out (<c>DeadlineExceeded</c>).</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; the peer is told.</exception>
    public abstract Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        TRequest request,
        RpcCallOptions options,
        CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>;

    public abstract ValueTask DisposeAsync();
}

/// <summary>What goes with one call besides its message.</summary>
/// <param name="Timeout">Sent as <c>grpc-timeout</c> and kept by the caller too; null: no deadline.</param>
/// <param name="Metadata">Header names in lower case. Names that end in <c>-bin</c> have binary values, see <see cref="RpcMetadata"/>.</param>
public readonly record struct RpcCallOptions(TimeSpan? Timeout = null, RpcMetadata? Metadata = null);

/// <summary>gRPC metadata: ASCII values, and binary values under names that end in <c>-bin</c>.</summary>
public sealed class RpcMetadata
{
    private readonly Dictionary<string, string> ascii = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, byte[]> binary = new(StringComparer.OrdinalIgnoreCase);

    public static RpcMetadata Empty { get; } = new();

    public IReadOnlyDictionary<string, string> Ascii => ascii;

    public IReadOnlyDictionary<string, byte[]> Binary => binary;

    /// <exception cref="ArgumentException">The name ends in <c>-bin</c>.</exception>
    public RpcMetadata Set(string name, string value)
    {
        if (name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"Metadata '{name}' is binary by its name; give bytes", nameof(name));
        }
        ascii[name] = value;
        return this;
    }

    /// <exception cref="ArgumentException">The name does not end in <c>-bin</c>.</exception>
    public RpcMetadata Set(string name, byte[] value)
    {
        if (!name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"Metadata '{name}' is text by its name; binary names end in -bin", nameof(name));
        }
        binary[name] = value;
        return this;
    }
}
