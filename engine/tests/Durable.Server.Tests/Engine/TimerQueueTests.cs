using Durable.Server.Engine;
using Durable.Server.Storage;

namespace Durable.Server.Tests.Engine;

public sealed class TimerQueueTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly HandClock clock = new(Start);
    private readonly List<string> fired = [];
    private readonly TimerQueue<RunKey> queue;

    public TimerQueueTests() => queue = new TimerQueue<RunKey>(clock, key => fired.Add(key.WorkflowId));

    public void Dispose() => queue.Dispose();

    [Fact]
    public void Set_SeveralRuns_FiresEachAtItsTime()
    {
        queue.Set(Run("late"), At(20));
        queue.Set(Run("early"), At(10));

        clock.GoTo(At(10));
        fired.ShouldBe(["early"]);
        clock.GoTo(At(20));
        fired.ShouldBe(["early", "late"]);
        clock.DueAt.ShouldBeNull();
    }

    [Fact]
    public void Set_Later_FiresAtTheLaterTimeOnly()
    {
        queue.Set(Run("w"), At(10));
        queue.Set(Run("w"), At(30));

        clock.DueAt.ShouldBe(At(30));
        clock.GoTo(At(29));
        fired.ShouldBeEmpty();
        clock.GoTo(At(30));
        fired.ShouldBe(["w"]);
    }

    [Fact]
    public void Set_Earlier_FiresOnceAtTheEarlierTime()
    {
        queue.Set(Run("w"), At(30));
        queue.Set(Run("w"), At(10));

        clock.GoTo(At(10));
        fired.ShouldBe(["w"]);
        clock.GoTo(At(60));
        fired.ShouldBe(["w"]);
    }

    [Fact]
    public void Set_LaterBehindAnotherRun_DoesNotFireEarlyWhenTheOtherIsDue()
    {
        queue.Set(Run("first"), At(5));
        queue.Set(Run("moved"), At(10));
        queue.Set(Run("moved"), At(50));

        clock.GoTo(At(20));
        fired.ShouldBe(["first"]);
        clock.DueAt.ShouldBe(At(50));
    }

    [Fact]
    public void Add_LaterThanSet_DoesNotPutItOff()
    {
        queue.Set(Run("w"), At(10));
        queue.Add(Run("w"), At(40));

        clock.GoTo(At(10));
        fired.ShouldBe(["w"]);
        clock.DueAt.ShouldBeNull();
    }

    [Fact]
    public void Clear_TheNextRun_WaitsForTheOneAfterIt()
    {
        queue.Set(Run("gone"), At(10));
        queue.Set(Run("stays"), At(20));
        queue.Clear(Run("gone"));

        clock.DueAt.ShouldBe(At(20));
        clock.GoTo(At(20));
        fired.ShouldBe(["stays"]);
    }

    [Fact]
    public void Clear_ThenSetAgain_FiresOnce()
    {
        queue.Set(Run("w"), At(10));
        queue.Clear(Run("w"));
        clock.DueAt.ShouldBeNull();
        queue.Set(Run("w"), At(10));

        clock.GoTo(At(60));
        fired.ShouldBe(["w"]);
    }

    private static DateTimeOffset At(int seconds) => Start.AddSeconds(seconds);

    private static RunKey Run(string id) => new("default", id, "run");

    /// <summary>A clock with one timer, moved by the test.</summary>
    private sealed class HandClock(DateTimeOffset now) : TimeProvider, ITimer
    {
        private DateTimeOffset time = now;
        private Action? callback;

        public DateTimeOffset? DueAt { get; private set; }

        public void GoTo(DateTimeOffset target)
        {
            time = target;
            while (DueAt <= time)
            {
                DueAt = null;
                callback!();
            }
        }

        public override DateTimeOffset GetUtcNow() => time;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            this.callback = () => callback(state);
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : time + dueTime;
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
