using Durable.Protocol;
using Durable.Server.Tests.Engine;
using Durable.Server.Workers;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Worker.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Services;

public class WorkerServiceTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static WorkerHeartbeat Heartbeat(string key, string queue = "queue", WorkerStatus status = WorkerStatus.Running) => new()
    {
        WorkerInstanceKey = key,
        WorkerIdentity = "identity of " + key,
        TaskQueue = queue,
        SdkName = "sdk",
        SdkVersion = "1.2.3",
        Status = status,
        StartTime = Start.ToTimestamp(),
        HostInfo = new() { HostName = "host", ProcessId = "7" },
    };

    private static Task RecordAsync(TestServer server, params WorkerHeartbeat[] heartbeats) => server.CallAsync(
        WorkflowServiceMethods.RecordWorkerHeartbeat, new RecordWorkerHeartbeatRequest { Namespace = TestServer.Namespace, WorkerHeartbeat = { heartbeats } });

    [Theory]
    [InlineData("", "a b c")]
    [InlineData("TaskQueue = 'queue'", "a b")]
    [InlineData("TaskQueue != 'queue'", "c")]
    [InlineData("WorkerIdentity STARTS_WITH 'identity of b' OR WorkerInstanceKey = 'c'", "b c")]
    [InlineData("WorkerStatus = 'Running' AND SdkName = 'sdk' AND SdkVersion = '1.2.3' AND HostName = 'host'", "a b c")]
    [InlineData("StartTime > '2026-01-03T00:00:00Z'", "")]
    [InlineData("HeartbeatTime IS NULL", "a b c")]
    public async Task List_ByQuery_FindsThem_AndCountsTheSame(string query, string found)
    {
        await using var server = await TestServer.StartAsync();
        await RecordAsync(server, Heartbeat("b"), Heartbeat("a"), Heartbeat("c", "another"), Heartbeat("system", "temporal-sys-per-ns-tq"));
        var list = await server.CallAsync(WorkflowServiceMethods.ListWorkers, new ListWorkersRequest { Namespace = TestServer.Namespace, Query = query });
        string.Join(' ', list.Workers.Select(static worker => worker.WorkerInstanceKey)).ShouldBe(found);
        (await server.CallAsync(WorkflowServiceMethods.CountWorkers, new CountWorkersRequest { Namespace = TestServer.Namespace, Query = query })).Count.ShouldBe(list.Workers.Count);
    }

    [Fact]
    public async Task List_Paged_HasEachOnce_WithWhatIsKnown()
    {
        await using var server = await TestServer.StartAsync();
        await RecordAsync(server, Heartbeat("a"), Heartbeat("b"), Heartbeat("c"), Heartbeat("system", "temporal-sys-per-ns-tq"));
        var request = new ListWorkersRequest { Namespace = TestServer.Namespace, PageSize = 2, IncludeSystemWorkers = true };
        var first = await server.CallAsync(WorkflowServiceMethods.ListWorkers, request);
        request.NextPageToken = first.NextPageToken;
        var second = await server.CallAsync(WorkflowServiceMethods.ListWorkers, request);
        first.Workers.Concat(second.Workers).Select(static worker => worker.WorkerInstanceKey).ShouldBe(["a", "b", "c", "system"]);
        second.NextPageToken.IsEmpty.ShouldBeTrue();
        first.Workers[0].ShouldBe(new WorkerListInfo
        {
            WorkerInstanceKey = "a", WorkerIdentity = "identity of a", TaskQueue = "queue", SdkName = "sdk", SdkVersion = "1.2.3", Status = WorkerStatus.Running,
            StartTime = Start.ToTimestamp(), HostName = "host", ProcessId = "7",
        });
    }

    [Fact]
    public async Task Describe_GivesTheLastHeartbeat_UntilTheWorkerShutsDown()
    {
        await using var server = await TestServer.StartAsync();
        await RecordAsync(server, Heartbeat("a"));
        await RecordAsync(server, Heartbeat("a", status: WorkerStatus.ShuttingDown));
        Task<DescribeWorkerResponse> DescribeAsync() =>
            server.CallAsync(WorkflowServiceMethods.DescribeWorker, new DescribeWorkerRequest { Namespace = TestServer.Namespace, WorkerInstanceKey = "a" });
        (await DescribeAsync()).WorkerInfo.WorkerHeartbeat.Status.ShouldBe(WorkerStatus.ShuttingDown);
        await server.CallAsync(
            WorkflowServiceMethods.ShutdownWorker, new ShutdownWorkerRequest { Namespace = TestServer.Namespace, WorkerHeartbeat = Heartbeat("a", status: WorkerStatus.Shutdown) });
        (await Should.ThrowAsync<RpcFaultException>(DescribeAsync)).Code.ShouldBe(RpcStatusCode.NotFound);
    }

    [Fact]
    public void Registry_WorkerThatIsSilent_IsForgotten_AndMakesRoom()
    {
        var clock = new Clock { Now = Start };
        var registry = new WorkerRegistry(clock);
        for (var i = 0; i < WorkerRegistry.MaximumWorkers; i++)
        {
            registry.Record("default", Heartbeat($"w{i}"));
        }
        registry.Record("default", Heartbeat("too many"));
        registry.Find("default", "too many").ShouldBeNull();
        clock.Now += WorkerRegistry.Lifetime;
        registry.All("default").ShouldBeEmpty();
        registry.Record("default", Heartbeat("another"));
        registry.All("default").ShouldHaveSingleItem().WorkerInstanceKey.ShouldBe("another");
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
