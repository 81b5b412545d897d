using Google.Protobuf;

namespace Durable.Protocol;

/// <summary>What a service handler knows of the call besides its message.</summary>
/// <param name="Metadata">The caller's metadata.</param>
/// <param name="Timeout">What was left of the caller's deadline when the call came in; null: none was sent.</param>
/// <param name="CancellationToken">Cancelled when the caller goes away or its deadline passes.</param>
public sealed record RpcServerCall(RpcMetadata Metadata, TimeSpan? Timeout, CancellationToken CancellationToken)
{
    /// <summary>When the call came in, as <see cref="System.Diagnostics.Stopwatch"/> timestamp: deadlines are wall time, whatever clock a server runs on.</summary>
    public long ReceivedAt { get; } = System.Diagnostics.Stopwatch.GetTimestamp();
}

/// <summary>Service methods by path. Filled once at start; reading is thread-safe.</summary>
public sealed class RpcRouter
{
    private readonly Dictionary<string, RpcRoute> routes = new(StringComparer.Ordinal);
    private readonly HashSet<string> services = new(StringComparer.Ordinal);

    public IReadOnlyCollection<RpcRoute> Routes => routes.Values;

    public RpcRouter Map<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        Func<TRequest, RpcServerCall, Task<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        routes.Add(method.Path, new RpcRoute<TRequest, TResponse>(method, handler));
        services.Add(method.Service);
        return this;
    }

    /// <summary>The route of a path.</summary>
    /// <exception cref="RpcFaultException"><c>Unimplemented</c>, with the words of grpc-go that SDKs look for: "unknown service X" or
    /// "unknown method M for service X".</exception>
    public RpcRoute Find(string path)
    {
        if (routes.TryGetValue(path, out var route))
        {
            return route;
        }
        var slash = path.LastIndexOf('/');
        if (slash <= 0 || path[0] != '/')
        {
            throw new RpcFaultException(RpcStatusCode.Unimplemented, $"malformed method name: \"{path}\"");
        }
        var service = path[1..slash];
        throw new RpcFaultException(
            RpcStatusCode.Unimplemented,
            services.Contains(service) ? $"unknown method {path[(slash + 1)..]} for service {service}" : $"unknown service {service}");
    }
}

/// <summary>One method of a router, without its types: for transports that have bytes.</summary>
public abstract class RpcRoute
{
    public abstract string Service { get; }

    public abstract string Name { get; }

    /// <summary>Reads the request, runs the handler and returns its answer. The bytes are not used after this returned.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are not a message of the method's request type.</exception>
    /// <exception cref="RpcFaultException">INTERNAL: a string in them is no UTF-8.</exception>
    public abstract Task<IMessage> InvokeAsync(ReadOnlyMemory<byte> request, RpcServerCall call);
}

/// <summary>One method of a router, with its types: the in-process transport calls <see cref="Handler"/> without bytes between.</summary>
public sealed class RpcRoute<TRequest, TResponse>(
    RpcMethod<TRequest, TResponse> method,
    Func<TRequest, RpcServerCall, Task<TResponse>> handler) : RpcRoute
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    public Func<TRequest, RpcServerCall, Task<TResponse>> Handler => handler;

    public override string Service => method.Service;

    public override string Name => method.Name;

    public override async Task<IMessage> InvokeAsync(ReadOnlyMemory<byte> request, RpcServerCall call)
    {
        var message = method.RequestParser.ParseFrom(request.Span);
        WireStrings.RequireUtf8(message, request.Span);
        return await handler(message, call).ConfigureAwait(false);
    }
}
