using Durable.Protocol;
using Durable.Server.Sqlite;
using Durable.Server.Storage;
using Durable.Server.Tests.Executions;
using Durable.Server.Time;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Engine;

// Aim: closed runs go when their namespace keeps them no longer, in steps of bounded size, and the file's space serves the next ones. On the virtual clock.
public sealed class RetentionTests : IDisposable
{
    private const int Runs = 150;
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("durable-retention-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Sweep_AfterTheRetention_RemovesClosedRunsInSteps_AndLeavesOpenOnes()
    {
        using var clock = new VirtualClock();
        var largest = 0;
        var store = new FaultyStore(new MemoryStore())
        {
            Stored = transaction =>
            {
                largest = Math.Max(largest, transaction.DeletedRuns.Count);
                return Task.CompletedTask;
            },
        };
        await using var server = await TestServer.StartAsync(store, clock, configure: options => options with { Retention = Kept });
        await server.StartAsync("open");
        await CompleteAsync(server, (await server.PollAsync())!, WorkerCommands.Timer("long", 1e6));
        await CloseManyAsync(server, "closed");

        await SleepAsync(server, Kept - TimeSpan.FromMinutes(5));
        (await CountAsync(server)).ShouldBe(Runs + 1);
        await SleepAsync(server, TimeSpan.FromMinutes(10));
        await StoreFailureTests.UntilAsync(async () => await CountAsync(server) == 1);

        (await server.DescribeAsync("open")).WorkflowExecutionInfo.Execution.WorkflowId.ShouldBe("open");
        (await Should.ThrowAsync<RpcFaultException>(() => server.HistoryAsync("closed-0"))).Code.ShouldBe(RpcStatusCode.NotFound);
        largest.ShouldBe(1, "each run leaves in a transaction of its own, which shares its fsync and nothing else");
    }

    [Fact]
    public async Task Sweep_OnAFile_TheSpaceServesTheNextRuns()
    {
        var file = Path.Combine(folder.FullName, "server.db");
        using var clock = new VirtualClock();
        await using var server = await TestServer.StartAsync(SqliteStore.Open(file), clock, configure: options => options with { Retention = Kept });
        var sizes = new List<long>();
        for (var round = 0; round < 4; round++)
        {
            await CloseManyAsync(server, $"round-{round}");
            sizes.Add(new FileInfo(file).Length + new FileInfo(file + "-wal").Length);
            await SleepAsync(server, Kept + TimeSpan.FromMinutes(5));
            await StoreFailureTests.UntilAsync(async () => await CountAsync(server) == 0);
        }
        // Four rounds that kept their space would be four times the first.
        sizes[3].ShouldBeLessThan(sizes[0] * 2);
    }

    private static async Task CloseManyAsync(TestServer server, string prefix)
    {
        await Task.WhenAll(Enumerable.Range(0, Runs).Select(i => server.StartAsync($"{prefix}-{i}", configure: request =>
            request.Input = new() { Payloads_ = { new Temporalio.Api.Common.V1.Payload { Data = Google.Protobuf.ByteString.CopyFrom(new byte[20_000]) } } })));
        for (var i = 0; i < Runs; i++)
        {
            await CompleteAsync(server, (await server.PollAsync())!, WorkerCommands.Complete());
        }
    }

    private static Task CompleteAsync(TestServer server, PollWorkflowTaskQueueResponse task, params Temporalio.Api.Command.V1.Command[] commands) =>
        server.CompleteAsync(task, commands);

    private static Task SleepAsync(TestServer server, TimeSpan time) => server.CallAsync(
        TestServiceMethods.UnlockTimeSkippingWithSleep,
        new Temporalio.Api.TestService.V1.SleepRequest { Duration = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(time) });

    private static async Task<long> CountAsync(TestServer server) => (await server.CallAsync(
        WorkflowServiceMethods.CountWorkflowExecutions, new CountWorkflowExecutionsRequest { Namespace = TestServer.Namespace })).Count;
}
