namespace Durable.Server.Engine;

/// <summary>Runs or schedules by the time at which they need attention, with one timer of the clock for the earliest.</summary>
internal sealed class TimerQueue<TKey> : IDisposable
    where TKey : struct
{
    private readonly PriorityQueue<TKey, DateTimeOffset> queue = new();
    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly Action<TKey> fire;
    private readonly ITimer timer;
    private DateTimeOffset armedFor = DateTimeOffset.MaxValue;
    private bool disposed;

    public TimerQueue(TimeProvider clock, Action<TKey> fire)
    {
        this.clock = clock;
        this.fire = fire;
        timer = clock.CreateTimer(static queue => ((TimerQueue<TKey>)queue!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(TKey key, DateTimeOffset at)
    {
        lock (gate)
        {
            if (disposed)
            {
                return;
            }
            queue.Enqueue(key, at);
            if (at < armedFor)
            {
                Arm(at);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            timer.Dispose();
        }
    }

    private void Arm(DateTimeOffset at)
    {
        armedFor = at;
        var wait = at - clock.GetUtcNow();
        // Rounded up: a timer of the platform may come a little early, and would then find nothing due.
        timer.Change(wait > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(wait.TotalMilliseconds), 86_400_000)) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        List<TKey> due = [];
        lock (gate)
        {
            if (disposed)
            {
                return;
            }
            var now = clock.GetUtcNow();
            while (queue.TryPeek(out var key, out var at) && at <= now)
            {
                queue.Dequeue();
                due.Add(key);
            }
            armedFor = DateTimeOffset.MaxValue;
            if (queue.TryPeek(out _, out var next))
            {
                Arm(next);
            }
        }
        foreach (var key in due)
        {
            fire(key);
        }
    }
}
