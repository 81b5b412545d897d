namespace Durable.Sdk.Tests.Worker;

/// <summary>A clock that stands until the test moves it; timers fire in their order, before <see cref="Advance"/> returns.</summary>
internal sealed class HandClock : TimeProvider
{
    private readonly Lock sync = new();
    private readonly List<HandTimer> timers = [];
    private TimeSpan now;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (sync)
        {
            return now.Ticks;
        }
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits until so many timers run: until the code under test waits.</summary>
    public async Task UntilTimersAsync(int count)
    {
        while (true)
        {
            Task change;
            lock (sync)
            {
                if (timers.Count >= count)
                {
                    return;
                }
                change = changed.Task;
            }
            await change.WaitAsync(Samples.SampleWorker.Patience);
        }
    }

    public void Advance(TimeSpan by)
    {
        var until = TimeSpan.FromTicks(GetTimestamp()) + by;
        while (true)
        {
            HandTimer? due;
            lock (sync)
            {
                due = timers.Where(timer => timer.Due <= until).MinBy(static timer => timer.Due);
                now = due is { Due: { } next } ? (next > now ? next : now) : until;
                due?.Stop();
            }
            if (due is null)
            {
                return;
            }
            due.Fire();
        }
    }

    private sealed class HandTimer(HandClock clock, Action fire) : ITimer
    {
        public TimeSpan? Due { get; private set; }

        public Action Fire => fire;

        public void Stop()
        {
            Due = null;
            clock.timers.Remove(this);
        }

        // No test needs one that repeats.
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.sync)
            {
                Stop();
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock.now + dueTime;
                    clock.timers.Add(this);
                    clock.changed.TrySetResult();
                    clock.changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
            return true;
        }

        public void Dispose()
        {
            lock (clock.sync)
            {
                Stop();
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
