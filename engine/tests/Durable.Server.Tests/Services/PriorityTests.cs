using Durable.Protocol;
using Durable.Server.Tests.Engine;
using Durable.Server.Tests.Executions;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Services;

public class PriorityTests
{
    [Fact]
    public async Task WorkflowTasks_GoOutByPriority_ThenInOrder()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var (id, key) in new[] { ("default", 0), ("last", 5), ("beyond", 99), ("first", 1), ("third", 3) })
        {
            await server.StartAsync(id, configure: request => request.Priority = key == 0 ? null : new Priority { PriorityKey = key });
        }
        var order = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            order.Add((await server.PollAsync())!.WorkflowExecution.WorkflowId);
        }
        order.ShouldBe(["first", "default", "third", "last", "beyond"]);
    }

    [Fact]
    public async Task Activity_SaysItsOwn_OrHasItsWorkflows()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w", configure: static request => request.Priority = new() { PriorityKey = 4, FairnessKey = "tenant" });
        await server.CompleteAsync(
            (await server.PollAsync())!,
            WorkerCommands.Activity("inherits"),
            WorkerCommands.Activity("first", static attributes => attributes.Priority = new() { PriorityKey = 1 }));
        var first = (await server.PollActivityAsync())!;
        (first.ActivityId, first.Priority).ShouldBe(("first", new Priority { PriorityKey = 1, FairnessKey = "tenant" }));
        (await server.PollActivityAsync())!.Priority.ShouldBe(new Priority { PriorityKey = 4, FairnessKey = "tenant" });
        (await server.DescribeAsync("w")).WorkflowExecutionInfo.Priority.PriorityKey.ShouldBe(4);
    }

    [Fact]
    public async Task Child_WithoutOne_HasItsParents()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("parent", configure: static request => request.Priority = new() { PriorityKey = 2 });
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Child("child"));
        var task = await server.PollForAsync("child");
        task.History.Events[0].WorkflowExecutionStartedEventAttributes.Priority.PriorityKey.ShouldBe(2);
    }

    [Fact]
    public async Task Options_ChangeThePriority_InOneEvent_ThatWakesNobody()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!);
        Task<UpdateWorkflowExecutionOptionsResponse> UpdateAsync(int key) => server.CallAsync(WorkflowServiceMethods.UpdateWorkflowExecutionOptions, new UpdateWorkflowExecutionOptionsRequest
        {
            Namespace = TestServer.Namespace,
            WorkflowExecution = new() { WorkflowId = "w" },
            WorkflowExecutionOptions = new() { Priority = new() { PriorityKey = key } },
            UpdateMask = FieldMask.FromString("priority"),
            Identity = "operator",
        });
        (await UpdateAsync(2)).WorkflowExecutionOptions.Priority.PriorityKey.ShouldBe(2);
        await UpdateAsync(2);
        var changed = (await server.HistoryAsync("w")).Where(static e => e.EventType == EventType.WorkflowExecutionOptionsUpdated).ShouldHaveSingleItem().WorkflowExecutionOptionsUpdatedEventAttributes;
        (changed.Priority.PriorityKey, changed.Identity).ShouldBe((2, "operator"));
        (await server.PollAsync(TimeSpan.FromSeconds(0.1))).ShouldBeNull();
        (await server.DescribeAsync("w")).WorkflowExecutionInfo.Priority.PriorityKey.ShouldBe(2);
        var fault = await Should.ThrowAsync<RpcFaultException>(() => UpdateAsync(-1));
        (fault.Code, fault.Message).ShouldBe((RpcStatusCode.InvalidArgument, "priority key can't be negative"));
    }

    [Fact]
    public async Task ActivityWorker_SaysHowFastItsQueueIs()
    {
        await using var server = await TestServer.StartAsync();
        var poll = new PollActivityTaskQueueRequest
        {
            Namespace = TestServer.Namespace, TaskQueue = new() { Name = TestServer.Queue }, Identity = "worker", TaskQueueMetadata = new() { MaxTasksPerSecond = 0 },
        };
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Activity("a"));
        var waiting = server.CallAsync(WorkflowServiceMethods.PollActivityTaskQueue, poll);
        var described = new DescribeTaskQueueResponse();
        await StoreFailureTests.UntilAsync(async () => (described = await server.CallAsync(WorkflowServiceMethods.DescribeTaskQueue, new DescribeTaskQueueRequest
        {
            Namespace = TestServer.Namespace, TaskQueue = new() { Name = TestServer.Queue }, TaskQueueType = TaskQueueType.Activity,
        })).Pollers.Count > 0);
        described.Pollers.ShouldHaveSingleItem().RatePerSecond.ShouldBe(0);
        waiting.IsCompleted.ShouldBeFalse();
        poll.TaskQueueMetadata.MaxTasksPerSecond = 50;
        var faster = server.CallAsync(WorkflowServiceMethods.PollActivityTaskQueue, poll);
        (await await Task.WhenAny(waiting, faster)).ActivityId.ShouldBe("a");
    }
}
