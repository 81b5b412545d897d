using Google.Protobuf;

namespace Durable.Protocol.InProcess;

/// <summary>
/// Calls a router of the same process directly: the same deadlines, cancellation and faults as over HTTP/2, without bytes.
/// </summary>
/// <remarks>
/// Messages are cloned on both ways, so that neither side sees what the other does to them later. With that rule the
/// transport is indistinguishable from one that serialises, apart from its cost.
/// </remarks>
public sealed class InProcessTransport(RpcRouter router) : RpcTransport
{
    private readonly CancellationTokenSource closed = new();

    public override async Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        TRequest request,
        RpcCallOptions options,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (closed.IsCancellationRequested)
        {
            throw new RpcFaultException(RpcStatusCode.Unavailable, "the connection is closed");
        }
        var route = (RpcRoute<TRequest, TResponse>)router.Find(method.Path);
        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closed.Token);
        if (options.Timeout is { } timeout && timeout < TimeSpan.FromDays(49))
        {
            call.CancelAfter(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero);
        }
        try
        {
            // The handler gets a thread of its own: its synchronous part must not run on the caller's, which may be a
            // workflow's or hold a lock.
            var copy = request.Clone();
            var answer = await Task.Run(
                () => route.Handler(copy, new RpcServerCall(options.Metadata ?? RpcMetadata.Empty, options.Timeout, call.Token)), CancellationToken.None)
                .WaitAsync(call.Token)
                .ConfigureAwait(false);
            return answer.Clone();
        }
        catch (OperationCanceledException cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw closed.IsCancellationRequested
                ? new RpcFaultException(RpcStatusCode.Unavailable, "the connection is closed", [], cancelled)
                : new RpcFaultException(RpcStatusCode.DeadlineExceeded, "Timeout expired", [], cancelled);
        }
        catch (RpcFaultException fault)
        {
            // Thrown anew: the same exception object may not travel to several callers.
            throw new RpcFaultException(fault.Code, fault.Message, fault.Details, fault);
        }
        catch (Exception unexpected)
        {
            throw new RpcFaultException(RpcStatusCode.Internal, "internal error", [], unexpected);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await closed.CancelAsync().ConfigureAwait(false);
    }
}
