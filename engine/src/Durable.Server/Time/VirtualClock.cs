using Durable.Server.Storage;

namespace Durable.Server.Time;

/// <summary>
/// A clock for tests: it goes at the pace of the real one while anything holds it, and jumps to the next timer when nothing does.
/// </summary>
/// <remarks>
/// Three things hold it: the lock count of the TestService, which begins at 1; runs with work in a queue or with a worker; work of the
/// server itself. Periodic timers fire as time passes them, but are no reason to jump: there would always be a next one.
/// </remarks>
public sealed class VirtualClock : TimeProvider, ITimeSkippingLocks, IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly TimeProvider pace;
    private readonly Lock gate = new();
    private readonly HashSet<VirtualTimer> timers = [];
    private readonly HashSet<RunKey> holding = [];
    private readonly Timer wake;
    private TimeSpan ahead;

    // Below zero while a sleep has taken back what a run holds.
    private int locks = 1;

    private int working;
    private bool pumping;
    private bool disposed;

    /// <param name="pace">What it follows between jumps; null: the real time.</param>
    public VirtualClock(TimeProvider? pace = null)
    {
        this.pace = pace ?? System;
        wake = new Timer(static clock => ((VirtualClock)clock!).Pump(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool JumpsToTimers => true;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return Now_NeedsLock;
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Observe(RunKey run, bool holdsTime)
    {
        lock (gate)
        {
            if (holdsTime)
            {
                holding.Add(run);
            }
            else if (holding.Remove(run))
            {
                Look_NeedsLock();
            }
        }
    }

    public void BeginWork()
    {
        lock (gate)
        {
            working++;
        }
    }

    public void EndWork()
    {
        lock (gate)
        {
            working--;
            Look_NeedsLock();
        }
    }

    /// <summary>One more reason not to jump.</summary>
    public void LockSkipping()
    {
        lock (gate)
        {
            locks++;
        }
    }

    /// <returns>False: there was no lock to take back.</returns>
    public bool TryUnlockSkipping()
    {
        lock (gate)
        {
            if (locks <= 0)
            {
                return false;
            }
            locks--;
            Look_NeedsLock();
            return true;
        }
    }

    /// <summary>Waits for virtual time to pass.</summary>
    public async Task SleepAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var timer = CreateTimer(static reached => ((TaskCompletionSource)reached!).TrySetResult(), reached, time, Timeout.InfiniteTimeSpan);
        await using (timer.ConfigureAwait(false))
        {
            await reached.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes one lock back and sets it again at the moment the time has passed.</summary>
    /// <remarks>
    /// The lock may be that of a run with work: so an activity sleeps past its own time-outs while a client that waits for the result has
    /// taken back the only other one.
    /// </remarks>
    /// <returns>Null: there was no lock to take back.</returns>
    public Task? UnlockWithSleep(TimeSpan time)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ITimer? timer = null;
        void Reached(object? state)
        {
            LockSkipping();
            timer?.Dispose();
            reached.TrySetResult();
        }
        timer = CreateTimer(Reached, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (gate)
        {
            if (locks + holding.Count <= 0)
            {
                timer.Dispose();
                return null;
            }
            timer.Change(time, Timeout.InfiniteTimeSpan);
            locks--;
            Look_NeedsLock();
            return reached.Task;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            timers.Clear();
        }
        wake.Dispose();
    }

    private DateTimeOffset Now_NeedsLock => pace.GetUtcNow() + ahead;

    private bool MayJump_NeedsLock => locks + holding.Count <= 0 && working == 0;

    // Fires what is due, away from the caller: it may hold locks that a callback wants.
    private void Look_NeedsLock()
    {
        if (!disposed)
        {
            wake.Change(Wait_NeedsLock(), Timeout.InfiniteTimeSpan);
        }
    }

    private TimeSpan Wait_NeedsLock()
    {
        var next = DateTimeOffset.MaxValue;
        var jumps = false;
        foreach (var timer in timers)
        {
            jumps |= !timer.IsPeriodic;
            next = timer.Due < next ? timer.Due : next;
        }
        if (timers.Count == 0)
        {
            return Timeout.InfiniteTimeSpan;
        }
        if (jumps && MayJump_NeedsLock)
        {
            return TimeSpan.Zero;
        }
        var wait = next - Now_NeedsLock;
        // Rounded up: a timer of the platform may come a little early.
        return wait <= TimeSpan.Zero ? TimeSpan.Zero
            : wait >= LongestWait ? LongestWait
            : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
    }

    private void Pump()
    {
        lock (gate)
        {
            if (pumping || disposed)
            {
                return;
            }
            pumping = true;
        }
        while (true)
        {
            List<VirtualTimer> due = [];
            lock (gate)
            {
                Take_NeedsLock(due);
                if (due.Count == 0)
                {
                    pumping = false;
                    Look_NeedsLock();
                    return;
                }
                // Until the callbacks have run: they may be what holds time next.
                working++;
            }
            foreach (var timer in due)
            {
                timer.Fire();
            }
            lock (gate)
            {
                working--;
            }
        }
    }

    private void Take_NeedsLock(List<VirtualTimer> due)
    {
        if (disposed)
        {
            return;
        }
        var now = Now_NeedsLock;
        if (MayJump_NeedsLock)
        {
            var next = DateTimeOffset.MaxValue;
            foreach (var timer in timers)
            {
                next = !timer.IsPeriodic && timer.Due < next ? timer.Due : next;
            }
            if (next != DateTimeOffset.MaxValue && next > now)
            {
                ahead += next - now;
                now = next;
            }
        }
        foreach (var timer in timers)
        {
            if (timer.Due <= now)
            {
                due.Add(timer);
            }
        }
        foreach (var timer in due)
        {
            if (timer.IsPeriodic)
            {
                timer.Due = now + timer.Period;
            }
            else
            {
                timers.Remove(timer);
            }
        }
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; } = Timeout.InfiniteTimeSpan;

        public bool IsPeriodic => Period > TimeSpan.Zero;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                Period = period;
                if (dueTime != Timeout.InfiniteTimeSpan && !clock.disposed)
                {
                    Due = clock.Now_NeedsLock + dueTime;
                    clock.timers.Add(this);
                    clock.Look_NeedsLock();
                }
            }
            return true;
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
