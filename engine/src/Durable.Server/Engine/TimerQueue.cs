namespace Durable.Server.Engine;

/// <summary>
/// Runs or schedules by the time at which they need attention, with one timer of the clock for the earliest. Most timeouts never come to pass, so a
/// key's time moves on, or goes away, without a search in the queue: an entry that comes up too early is put back, or dropped.
/// </summary>
internal sealed class TimerQueue<TKey> : IDisposable
    where TKey : struct
{
    private readonly PriorityQueue<TKey, DateTimeOffset> queue = new();
    private readonly Dictionary<TKey, Entry> entries = [];
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

    /// <summary>The key is due then, and at no other time.</summary>
    public void Set(TKey key, DateTimeOffset at)
    {
        lock (gate)
        {
            if (entries.TryGetValue(key, out var entry) && entry.QueuedFor <= at)
            {
                entries[key] = entry with { DueAt = at };
            }
            else
            {
                entries[key] = entry = new Entry(at, at);
                queue.Enqueue(key, at);
            }
            if (entry.QueuedFor <= armedFor)
            {
                Arm();
            }
        }
    }

    /// <summary>The key is due then, unless it is due before: for a time that was read and may be out of date.</summary>
    public void Add(TKey key, DateTimeOffset at)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(key, out var entry) || entry.DueAt > at)
            {
                Set(key, at);
            }
        }
    }

    /// <summary>The key waits for no time.</summary>
    public void Clear(TKey key)
    {
        lock (gate)
        {
            if (entries.Remove(key, out var entry) && entry.QueuedFor <= armedFor)
            {
                Arm();
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

    /// <summary>Puts the platform's timer to the first time that holds.</summary>
    private void Arm()
    {
        if (disposed)
        {
            return;
        }
        DateTimeOffset next = DateTimeOffset.MaxValue;
        while (queue.TryPeek(out var key, out var at))
        {
            if (entries.TryGetValue(key, out var entry) && entry.QueuedFor == at)
            {
                if (entry.DueAt == at)
                {
                    next = at;
                    break;
                }
                entries[key] = new Entry(entry.DueAt, entry.DueAt);
                queue.DequeueEnqueue(key, entry.DueAt);
            }
            else
            {
                queue.Dequeue();
            }
        }
        if (next == armedFor)
        {
            return;
        }
        armedFor = next;
        if (next == DateTimeOffset.MaxValue)
        {
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }
        var wait = next - clock.GetUtcNow();
        // Rounded up: a timer of the platform may come a little early, and would then find nothing due.
        timer.Change(wait > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(wait.TotalMilliseconds), 86_400_000)) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        List<TKey> due = [];
        lock (gate)
        {
            var now = clock.GetUtcNow();
            while (queue.TryPeek(out var key, out var at) && at <= now)
            {
                queue.Dequeue();
                if (!entries.TryGetValue(key, out var entry) || entry.QueuedFor != at)
                {
                    continue;
                }
                if (entry.DueAt > now)
                {
                    entries[key] = new Entry(entry.DueAt, entry.DueAt);
                    queue.Enqueue(key, entry.DueAt);
                    continue;
                }
                entries.Remove(key);
                due.Add(key);
            }
            armedFor = DateTimeOffset.MaxValue;
            Arm();
        }
        foreach (var key in due)
        {
            fire(key);
        }
    }

    /// <param name="QueuedFor">Where the key stands in the queue: never behind <paramref name="DueAt"/>.</param>
    private readonly record struct Entry(DateTimeOffset DueAt, DateTimeOffset QueuedFor);
}
