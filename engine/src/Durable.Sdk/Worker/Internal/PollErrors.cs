using Temporalio.Exceptions;

namespace Temporalio.Worker.Internal;

/// <summary>What a poller does about a failed poll.</summary>
internal static class PollErrors
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Another poll would fail in the same way: the worker must stop and say so.</summary>
    public static bool IsFatal(RpcException e) => e.Code is
        RpcException.StatusCode.InvalidArgument or RpcException.StatusCode.NotFound or RpcException.StatusCode.PermissionDenied or
        RpcException.StatusCode.Unauthenticated or RpcException.StatusCode.Unimplemented;

    /// <summary>The poll came back empty late, or was cancelled by the peer: poll again at once.</summary>
    public static bool IsEmpty(RpcException e) => e.Code is RpcException.StatusCode.DeadlineExceeded or RpcException.StatusCode.Cancelled;

    /// <param name="failures">In a row, from 1.</param>
    public static TimeSpan Wait(int failures) =>
        TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(failures - 1, 10)));
}
