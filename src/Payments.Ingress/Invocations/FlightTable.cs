using System.Collections.Concurrent;

namespace Payments.Ingress;

/// <summary>
/// The invocations that this process is waiting for. Calls of the same identity share one engine call; calls that differ count against their object's limit.
/// A call that goes away does not stop the flight: others may wait for it, and the outcome belongs into the cache.
/// </summary>
public sealed class FlightTable
{
    private readonly ConcurrentDictionary<string, Task<Reply>> flights = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> perObject = new(StringComparer.Ordinal);

    /// <returns>Whether this call started the flight.</returns>
    /// <exception cref="ProblemException">The object has as many different requests in flight as it may have.</exception>
    public bool Join(Invocation invocation, int limit, Func<Task<Reply>> run, out Task<Reply> flight)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        ArgumentNullException.ThrowIfNull(run);
        var mine = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        flight = flights.GetOrAdd(invocation.Identity, mine.Task);
        if (flight != mine.Task)
        {
            return false;
        }
        var count = perObject.AddOrUpdate(invocation.WorkflowId, 1, static (_, n) => n + 1);
        if (count > limit)
        {
            var refusal = new ProblemException(new(ProblemType.Overloaded, $"More than {limit} requests are in flight on this payment."));
            Leave(invocation);
            mine.SetException(refusal);
            _ = mine.Task.Exception;
            throw refusal;
        }
        _ = FlyAsync(invocation, run, mine);
        return true;
    }

    private async Task FlyAsync(Invocation invocation, Func<Task<Reply>> run, TaskCompletionSource<Reply> mine)
    {
        try
        {
            var reply = await run().ConfigureAwait(false);
            Leave(invocation);
            mine.SetResult(reply);
        }
        catch (Exception e)
        {
            Leave(invocation);
            mine.SetException(e);
            // Observed here: the callers may all be gone.
            _ = mine.Task.Exception;
        }
    }

    private void Leave(Invocation invocation)
    {
        flights.TryRemove(invocation.Identity, out var _);
        var left = perObject.AddOrUpdate(invocation.WorkflowId, 0, static (_, n) => n - 1);
        if (left <= 0)
        {
            perObject.TryRemove(new KeyValuePair<string, int>(invocation.WorkflowId, 0));
        }
    }
}
