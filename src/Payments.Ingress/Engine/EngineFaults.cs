using Temporalio.Exceptions;

namespace Payments.Ingress;

/// <summary>What the engine's errors mean to a caller.</summary>
public static class EngineFaults
{
    /// <summary>The call was given up while the engine was still at it: no outcome yet, nothing lost.</summary>
    public static bool IsTimeout(Exception exception) =>
        exception is RpcTimeoutOrCanceledException or OperationCanceledException
        || exception is RpcException { Code: RpcException.StatusCode.DeadlineExceeded or RpcException.StatusCode.Cancelled };

    public static bool IsNotFound(Exception exception) => exception is RpcException { Code: RpcException.StatusCode.NotFound };

    /// <summary>Null when the exception is not the engine's.</summary>
    public static Problem? ToProblem(Exception exception) => exception switch
    {
        RpcException { Code: RpcException.StatusCode.ResourceExhausted } =>
            new(ProblemType.Overloaded, "Too many requests are in flight on this payment."),
        RpcException { Code: RpcException.StatusCode.InvalidArgument } e =>
            new(ProblemType.EngineUnavailable, $"The engine did not accept the request: {e.Message}"),
        RpcException or RpcTimeoutOrCanceledException =>
            new(ProblemType.EngineUnavailable, "The engine, or a worker that could answer, is out of reach."),
        // The client says this when it cannot connect at all.
        InvalidOperationException e when e.Message.StartsWith("Connection failed", StringComparison.Ordinal) =>
            new(ProblemType.EngineUnavailable, "The engine is out of reach."),
        OperationCanceledException => new(ProblemType.EngineUnavailable, "No answer came in time."),
        _ => null,
    };
}
