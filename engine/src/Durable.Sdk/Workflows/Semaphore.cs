namespace Temporalio.Workflows;

/// <summary>Lets a number of parts of a workflow into a section that waits. First come, first served; the same order on replay.</summary>
/// <remarks>
/// Waiters are conditions: they are woken one after the other once the current turn of the event loop has ended. A release followed by
/// a wait in one turn therefore overtakes the waiters.
/// </remarks>
public class Semaphore
{
    private readonly LinkedList<object?> waiters = new();

    /// <exception cref="InvalidOperationException">Not in a workflow.</exception>
    public Semaphore(int initialCount)
    {
        if (!Workflow.InWorkflow)
        {
            throw new InvalidOperationException("Cannot use workflow semaphore outside of workflow");
        }
        Max = initialCount;
        CurrentCount = initialCount;
    }

    /// <summary>Places altogether.</summary>
    public int Max { get; init; }

    /// <summary>Free places.</summary>
    public int CurrentCount { get; private set; }

    /// <summary>Takes a place. A cancelled wait takes none.</summary>
    public Task WaitAsync(CancellationToken? cancellationToken = null) => TakeAsync(null, cancellationToken);

    /// <summary>Takes a place within a limit, kept by a timer in the history.</summary>
    /// <param name="millisecondsTimeout">-1: no limit.</param>
    /// <returns>False when the time ran out.</returns>
    /// <exception cref="ArgumentException">The limit is below zero and not -1.</exception>
    public Task<bool> WaitAsync(int millisecondsTimeout, CancellationToken? cancellationToken = null) =>
        TakeAsync(TimeSpan.FromMilliseconds(millisecondsTimeout), cancellationToken);

    /// <summary>Takes a place within a limit, kept by a timer in the history.</summary>
    /// <param name="timeout"><see cref="Timeout.InfiniteTimeSpan"/>: no limit.</param>
    /// <returns>False when the time ran out.</returns>
    /// <exception cref="ArgumentException">The limit is below zero and not infinite.</exception>
    public Task<bool> WaitAsync(TimeSpan timeout, CancellationToken? cancellationToken = null) => TakeAsync(timeout, cancellationToken);

    /// <exception cref="InvalidOperationException">All places are free.</exception>
    public void Release()
    {
        if (CurrentCount >= Max)
        {
            throw new InvalidOperationException("More released than successfully waited");
        }
        CurrentCount++;
    }

    private Task<bool> TakeAsync(TimeSpan? timeout, CancellationToken? cancellationToken)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            timeout = null;
        }
        if (timeout < TimeSpan.Zero)
        {
            throw new ArgumentException("Timeout cannot be less than zero (except -1ms for infinite)");
        }
        if (CurrentCount > 0)
        {
            CurrentCount--;
            return Task.FromResult(true);
        }
        if (timeout == TimeSpan.Zero && cancellationToken is null)
        {
            return Task.FromResult(false);
        }

        var self = waiters.AddLast((object?)null);
        bool IsMyTurn() => CurrentCount > 0 && waiters.First == self;
        Task wait = timeout is { } limit
            ? Workflow.WaitConditionAsync(IsMyTurn, limit, cancellationToken)
            : Workflow.WaitConditionAsync(IsMyTurn, cancellationToken);

        // The number of turns between the wait and the caller is part of the order that histories replay: two continuations, the first
        // only on success, both on the workflow's scheduler.
        return wait.ContinueWith(
            done =>
            {
                var taken = done is not Task<bool> { Result: false };
                if (taken)
                {
                    CurrentCount--;
                }
                return taken;
            },
            default,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Current).ContinueWith(
            done =>
            {
                waiters.Remove(self);
                return done;
            },
            default,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Current).Unwrap();
    }
}
