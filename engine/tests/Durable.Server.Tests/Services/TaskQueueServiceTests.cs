using Durable.Protocol;
using Durable.Server.Tests.Engine;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Services;

public class TaskQueueServiceTests
{
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
