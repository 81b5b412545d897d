using Durable.Server.Matching;
using Durable.Server.Storage;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Matching;

public class TaskMatcherTests
{
    private static readonly TaskQueueKey Queue = new("default", "queue", TaskQueueType.Workflow);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly TaskMatcher matcher = new(TimeProvider.System);

    [Fact]
    public async Task Add_PollersWait_OldestPollerGetsTheEntry()
    {
        var first = PollAsync();
        var second = PollAsync();

        matcher.Add(Queue, Entry("a"));
        matcher.Add(Queue, Entry("b"));

        (await first)!.Entry.ShouldBe(Entry("a"));
        (await second)!.Entry.ShouldBe(Entry("b"));
    }

    [Fact]
    public async Task Add_ByPriority_FirstComeFirstServedWithinOne()
    {
        foreach (var (id, priority) in new[] { ("c", 3), ("e", 5), ("a", 1), ("d", 3), ("b", 1) })
        {
            matcher.Add(Queue, Entry(id) with { Priority = priority });
        }
        var given = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            given.Add((await PollAsync())!.Entry!.Run.WorkflowId);
        }
        given.ShouldBe(["a", "b", "c", "d", "e"]);
        matcher.Backlog(Queue).ShouldBe(0);
    }

    [Fact]
    public async Task SetRate_Zero_GivesNothing_UntilThereIsARateAgain()
    {
        matcher.SetRate(Queue, 0);
        matcher.Add(Queue, Entry("a"));
        (await PollAsync(TimeSpan.FromSeconds(0.1))).ShouldBeNull();
        var waiting = PollAsync();
        matcher.TryReserve(Queue).ShouldBeNull();
        matcher.SetRate(Queue, 1000);
        (await waiting)!.Entry.ShouldBe(Entry("a"));
        matcher.RateOf(Queue).ShouldBe(1000);
    }

    [Fact]
    public async Task SetRate_OverIt_ComesByItselfAndNotEarlier()
    {
        matcher.SetRate(Queue, 4);
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        for (var i = 0; i < 6; i++)
        {
            matcher.Add(Queue, Entry($"{i}"));
            (await PollAsync()).ShouldNotBeNull();
        }
        // Four at once, then one each quarter of a second.
        System.Diagnostics.Stopwatch.GetElapsedTime(began).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.45));
    }

    [Fact]
    public void Rate_OfLessThanOneASecond_GivesOneAtATime()
    {
        var now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var rate = new DispatchRate(0.5, now);
        rate.TryTake(now, out _).ShouldBeTrue();
        rate.TryTake(now, out var wait).ShouldBeFalse();
        wait.ShouldBe(TimeSpan.FromSeconds(2));
        rate.TryTake(now.AddSeconds(1), out wait).ShouldBeFalse();
        wait.ShouldBe(TimeSpan.FromSeconds(1));
        rate.TryTake(now.AddSeconds(100), out _).ShouldBeTrue();
        rate.TryTake(now.AddSeconds(100), out _).ShouldBeFalse();
        rate.Return();
        rate.TryTake(now.AddSeconds(100), out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(-1)]
    [InlineData(double.Epsilon)]
    public async Task SetRate_OfAnyNumber_BreaksNothing(double rate)
    {
        matcher.SetRate(Queue, rate);
        matcher.Add(Queue, Entry("a"));
        matcher.Add(Queue, Entry("b"));
        await PollAsync(TimeSpan.FromSeconds(0.05));
        var waiting = PollAsync();
        matcher.SetRate(Queue, 1000);
        (await waiting).ShouldNotBeNull();
    }

    [Fact]
    public async Task Release_OfAWorker_EndsItsPolls_AndThoseThatWereOnTheirWay()
    {
        var mine = matcher.PollAsync(Queue, "worker", "mine", Long, TestContext.Current.CancellationToken);
        var other = matcher.PollAsync(Queue, "worker", "other", Long, TestContext.Current.CancellationToken);
        matcher.Release("default", "mine");
        (await mine).ShouldBeNull();
        (await matcher.PollAsync(Queue, "worker", "mine", Long, TestContext.Current.CancellationToken)).ShouldBeNull();
        matcher.Add(Queue, Entry("a"));
        (await other)!.Entry.ShouldBe(Entry("a"));
    }

    [Fact]
    public async Task Return_EntryCameWhileReserved_GoesToTheReturnedPoller()
    {
        var poll = PollAsync();
        var reserved = matcher.TryReserve(Queue).ShouldNotBeNull();
        matcher.Add(Queue, Entry("a"));
        matcher.Backlog(Queue).ShouldBe(1);

        matcher.Return(reserved);

        (await poll)!.Entry.ShouldBe(Entry("a"));
        matcher.Backlog(Queue).ShouldBe(0);
    }

    [Fact]
    public async Task Return_NothingCame_PollerIsFirstAgain()
    {
        var first = PollAsync();
        var second = PollAsync();

        matcher.Return(matcher.TryReserve(Queue).ShouldNotBeNull());
        matcher.Add(Queue, Entry("a"));

        (await first)!.Entry.ShouldBe(Entry("a"));
        second.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task PollAsync_TimeIsOverWhileItsTaskIsCommitted_GetsTheTask()
    {
        var poll = PollAsync(TimeSpan.FromMilliseconds(1));
        if (matcher.TryReserve(Queue) is not { } reserved)
        {
            // The millisecond was over first; nothing was promised.
            (await poll).ShouldBeNull();
            return;
        }
        await Until(() => matcher.Pollers(Queue).Count > 0);
        var task = new PollWorkflowTaskQueueResponse();

        reserved.Give(task).ShouldBeTrue();

        (await poll)!.Started.ShouldBeSameAs(task);
    }

    [Fact]
    public async Task PollAsync_CallerGoesAway_TheEntryStays()
    {
        using var gone = new CancellationTokenSource();
        var poll = matcher.PollAsync(Queue, "worker", "", Long, gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => poll);

        matcher.Add(Queue, Entry("a"));

        (await PollAsync())!.Entry.ShouldBe(Entry("a"));
    }

    [Fact]
    public async Task Trim_IdleQueuesGo_QueuesWithEntriesOrPollersStay()
    {
        for (var i = 0; i < 100; i++)
        {
            (await matcher.PollAsync(Queue with { Name = $"sticky-{i}" }, "worker", "", TimeSpan.FromMilliseconds(1), CancellationToken.None)).ShouldBeNull();
        }
        matcher.Add(Queue, Entry("a"));
        var waiting = matcher.PollAsync(Queue with { Name = "polled" }, "worker", "", Long, CancellationToken.None);

        matcher.Trim(TimeSpan.FromTicks(-1));

        matcher.QueueCount.ShouldBe(2);
        (await PollAsync())!.Entry.ShouldBe(Entry("a"));
        matcher.Add(Queue with { Name = "polled" }, Entry("b"));
        (await waiting)!.Entry.ShouldBe(Entry("b"));
    }

    // Aim: no entry is lost or given twice whatever pollers do. Pollers come and go, reservations are kept or returned, queues are trimmed.
    [Fact]
    public async Task Everything_AtOnce_EachEntryIsGivenOnce()
    {
        const int Entries = 5000;
        var given = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var done = new CancellationTokenSource();
        var pollers = Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            while (!done.IsCancellationRequested)
            {
                using var caller = new CancellationTokenSource();
                if (random.Next(4) == 0)
                {
                    caller.CancelAfter(random.Next(2));
                }
                try
                {
                    if (await matcher.PollAsync(Queue, "worker", "", TimeSpan.FromMilliseconds(random.Next(1, 5)), caller.Token) is { Entry: { } entry })
                    {
                        given.Add(entry.Run.WorkflowId);
                    }
                }
                catch (OperationCanceledException)
                {
                    // A caller that went away.
                }
            }
        })).ToArray();
        var trimmer = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                if (matcher.TryReserve(Queue) is { } reserved)
                {
                    matcher.Return(reserved);
                }
                matcher.Trim(TimeSpan.FromTicks(-1));
                await Task.Yield();
            }
        });
        await Task.Run(() => Parallel.For(0, Entries, i => matcher.Add(Queue, Entry($"{i}"))));

        await Until(() => given.Count >= Entries);
        await done.CancelAsync();
        await Task.WhenAll([.. pollers, trimmer]);

        given.Count.ShouldBe(Entries);
        given.Distinct().Count().ShouldBe(Entries);
    }

    private static WorkflowTaskEntry Entry(string workflowId) => new(new RunKey("default", workflowId, "run"), 1);

    private static async Task Until(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(5, deadline.Token);
        }
    }

    private Task<Handout?> PollAsync(TimeSpan? wait = null) => matcher.PollAsync(Queue, "worker", "", wait ?? Long, TestContext.Current.CancellationToken);
}
