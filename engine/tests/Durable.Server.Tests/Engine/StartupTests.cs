using Durable.Bench;
using Durable.Server.Engine;
using Durable.Server.Sqlite;
using Durable.Server.Storage;

namespace Durable.Server.Tests.Engine;

// Aim: the time to start does not grow with the store. Counted, not timed: what is read is what is due or ready, however many executions there are.
// bench/Durable.Bench prints the time for 200,000 of them.
public sealed class StartupTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("durable-startup-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(100, 50)]
    [InlineData(4000, 1000)]
    public async Task Start_OnManyExecutions_ReadsOnlyTheReadyOnes(int finished, int waiting)
    {
        const int Ready = 7;
        await using var file = SqliteStore.Open(Path.Combine(folder.FullName, "server.db"));
        await StoreFiller.FillAsync(file, finished, waiting, Ready);
        var store = new CountingStore(file);

        await using var server = await TestServer.StartAsync(store);

        store.RunsListed.ShouldBe(Ready);
        store.RunsLoaded.ShouldBe(Ready);
        store.HistoryReads.ShouldBe(0);
        (await server.PollAsync()).ShouldNotBeNull().WorkflowExecution.WorkflowId.ShouldStartWith("ready-");
        (await server.DescribeAsync("waiting-0")).PendingActivities.ShouldBeEmpty();
    }

    // A worker that was away leaves a task in each of its runs: the server answers after the first thousand of them.
    [Fact]
    public async Task Start_OnManyReadyExecutions_AnswersFirst_AndAllOfThemGetTheirTasks()
    {
        const int Ready = ServerEngine.ReadyPage + 200;
        await using var file = SqliteStore.Open(Path.Combine(folder.FullName, "server.db"));
        await StoreFiller.FillAsync(file, 0, 0, Ready);
        var store = new CountingStore(file);
        var rest = new TaskCompletionSource();
        store.BeforeLaterPages = rest.Task;

        // The clock stands: a task that the first poll took does not come again because the others took long.
        await using var server = await TestServer.StartAsync(store, clock: new StandingClock(TimeProvider.System.GetUtcNow()));
        store.RunsLoaded.ShouldBe(ServerEngine.ReadyPage);
        var seen = new HashSet<string>();
        while (seen.Count < ServerEngine.ReadyPage)
        {
            seen.Add((await server.PollAsync()).ShouldNotBeNull().WorkflowExecution.WorkflowId).ShouldBeTrue();
        }
        // Whoever calls one of the others brings it in.
        var later = Enumerable.Range(0, Ready).Select(static i => $"ready-{i}").First(id => !seen.Contains(id));
        await server.SignalAsync(later, "signal");
        (await server.PollAsync()).ShouldNotBeNull().WorkflowExecution.WorkflowId.ShouldBe(later);
        seen.Add(later);

        rest.SetResult();
        while (seen.Count < Ready)
        {
            seen.Add((await server.PollAsync()).ShouldNotBeNull().WorkflowExecution.WorkflowId).ShouldBeTrue();
        }
        (await server.PollAsync(TimeSpan.FromSeconds(0.1))).ShouldBeNull();
    }

    private sealed class CountingStore(IServerStore inner) : DelegatingStore(inner)
    {
        public int RunsListed { get; private set; }

        public int RunsLoaded { get; private set; }

        public int HistoryReads { get; private set; }

        public Task BeforeLaterPages { get; set; } = Task.CompletedTask;

        public override ValueTask<StoredRun?> FindRunAsync(RunKey key)
        {
            RunsLoaded++;
            return base.FindRunAsync(key);
        }

        public override async ValueTask<IReadOnlyList<RunKey>> ReadReadyRunsAsync(RunKey? after, int maximum)
        {
            if (after is not null)
            {
                await BeforeLaterPages;
            }
            var found = await base.ReadReadyRunsAsync(after, maximum);
            RunsListed += found.Count;
            return found;
        }

        public override async ValueTask<IReadOnlyList<DueRun>> ReadDueRunsAsync(DateTimeOffset before, int maximum)
        {
            var found = await base.ReadDueRunsAsync(before, maximum);
            RunsListed += found.Count;
            return found;
        }

        public override ValueTask<IReadOnlyList<HistoryBatch>> ReadHistoryAsync(RunKey key, long fromEventId, int maximumBatches)
        {
            HistoryReads++;
            return base.ReadHistoryAsync(key, fromEventId, maximumBatches);
        }
    }
}
