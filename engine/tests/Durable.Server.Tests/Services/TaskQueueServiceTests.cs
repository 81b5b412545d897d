using Durable.Protocol;
using Durable.Server.Tests.Engine;
using Durable.Server.Tests.Executions;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Services;

public class TaskQueueServiceTests
{
    [Fact]
    public async Task RateOfAQueue_IsSetOverWhatWorkersAskFor_KeptOverARestart_AndTakenAway()
    {
        var store = new Durable.Server.Storage.MemoryStore();
        await using (var server = await TestServer.StartAsync(store))
        {
            var fault = await Should.ThrowAsync<RpcFaultException>(() => ConfigureAsync(server, TaskQueueType.Workflow, 1));
            (fault.Code, fault.Message).ShouldBe((RpcStatusCode.InvalidArgument, "Setting rate limit on workflow task queues is not allowed."));
            (await Should.ThrowAsync<RpcFaultException>(() => ConfigureAsync(server, TaskQueueType.Activity, -1))).Code.ShouldBe(RpcStatusCode.InvalidArgument);
            var config = (await ConfigureAsync(server, TaskQueueType.Activity, 0)).Config;
            (config.QueueRateLimit.RateLimit.RequestsPerSecond, config.QueueRateLimit.Metadata.Reason, config.QueueRateLimit.Metadata.UpdateIdentity).ShouldBe((0, "why", "me"));
        }
        await using (var server = await TestServer.StartAsync(store))
        {
            await server.StartAsync("w");
            await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Activity("a"));
            var held = server.CallAsync(WorkflowServiceMethods.PollActivityTaskQueue, new PollActivityTaskQueueRequest
            {
                Namespace = TestServer.Namespace, TaskQueue = new() { Name = TestServer.Queue }, TaskQueueMetadata = new() { MaxTasksPerSecond = 1000 },
            });
            await StoreFailureTests.UntilAsync(async () => (await DescribeAsync(server)).Pollers.Count > 0);
            var described = await DescribeAsync(server);
            (described.EffectiveRateLimit.RequestsPerSecond, described.EffectiveRateLimit.RateLimitSource).ShouldBe((0, RateLimitSource.Api));
            described.Config.QueueRateLimit.RateLimit.RequestsPerSecond.ShouldBe(0);
            held.IsCompleted.ShouldBeFalse();
            await ConfigureAsync(server, TaskQueueType.Activity, null);
            (await held).ActivityId.ShouldBe("a");
            (await DescribeAsync(server)).EffectiveRateLimit.RateLimitSource.ShouldBe(RateLimitSource.Worker);
        }
    }

    private static Task<DescribeTaskQueueResponse> DescribeAsync(TestServer server) => server.CallAsync(
        WorkflowServiceMethods.DescribeTaskQueue,
        new DescribeTaskQueueRequest { Namespace = TestServer.Namespace, TaskQueue = new() { Name = TestServer.Queue }, TaskQueueType = TaskQueueType.Activity, ReportConfig = true });

    private static Task<UpdateTaskQueueConfigResponse> ConfigureAsync(TestServer server, TaskQueueType type, float? rate) => server.CallAsync(
        WorkflowServiceMethods.UpdateTaskQueueConfig,
        new UpdateTaskQueueConfigRequest
        {
            Namespace = TestServer.Namespace, TaskQueue = TestServer.Queue, TaskQueueType = type, Identity = "me",
            UpdateQueueRateLimit = new() { RateLimit = rate is { } perSecond ? new() { RequestsPerSecond = perSecond } : null, Reason = "why" },
        });

    // The form that the command line of Temporal asks for.
    [Fact]
    public async Task Describe_Enhanced_HasPollersAndBacklogByType()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("one");
        await server.PollAsync();
        await server.StartAsync("two");
        await server.StartAsync("three");
#pragma warning disable CS0612 // Deprecated and in use.
        var request = new DescribeTaskQueueRequest
        {
            Namespace = TestServer.Namespace,
            TaskQueue = new() { Name = TestServer.Queue },
            ApiMode = DescribeTaskQueueMode.Enhanced,
            TaskQueueTypes = { TaskQueueType.Workflow, TaskQueueType.Activity },
            ReportPollers = true,
            ReportStats = true,
        };
        var types = (await server.CallAsync(WorkflowServiceMethods.DescribeTaskQueue, request)).VersionsInfo[""].TypesInfo;
#pragma warning restore CS0612
        types[(int)TaskQueueType.Workflow].Pollers.ShouldHaveSingleItem().Identity.ShouldBe("worker");
        types[(int)TaskQueueType.Workflow].Stats.ApproximateBacklogCount.ShouldBe(2);
        types[(int)TaskQueueType.Activity].Pollers.ShouldBeEmpty();
        types[(int)TaskQueueType.Activity].Stats.ApproximateBacklogCount.ShouldBe(0);
    }
}
