namespace Temporalio.Worker.Internal.Activities;

/// <summary>Keeps polls apart, so that no more activities begin in a second than the worker is allowed. Thread-safe.</summary>
/// <param name="perSecond">More than 0.</param>
internal sealed class PollPace(double perSecond, TimeProvider clock)
{
    private readonly long interval = (long)(clock.TimestampFrequency / perSecond);
    private readonly Lock sync = new();
    private long next = clock.GetTimestamp();

    /// <summary>Waits for the caller's turn. Turns that nobody took are not saved up.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (sync)
        {
            var now = clock.GetTimestamp();
            var turn = Math.Max(next, now);
            next = turn + interval;
            wait = clock.GetElapsedTime(now, turn);
        }
        return wait == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, clock, cancellationToken);
    }
}
