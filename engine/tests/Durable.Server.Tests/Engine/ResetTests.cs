using Durable.Protocol;
using Durable.Server.Tests.Executions;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Engine;

public class ResetTests
{
    private static async Task<string> ResetAsync(TestServer server, string workflowId, long finish, string runId = "", string? requestId = null) => (await server.CallAsync(
        WorkflowServiceMethods.ResetWorkflowExecution,
        new ResetWorkflowExecutionRequest
        {
            Namespace = TestServer.Namespace,
            WorkflowExecution = new() { WorkflowId = workflowId, RunId = runId },
            Reason = "why",
            RequestId = requestId ?? Guid.NewGuid().ToString(),
            WorkflowTaskFinishEventId = finish,
        })).RunId;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reset_WithARunningChild_TheChildLivesOnAndItsEndIsTheNewRuns(bool again)
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("parent");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Child("child"));
        await server.CompleteAsync(await server.PollForAsync("parent"));

        var newRun = await ResetAsync(server, "parent", 9);
        if (again)
        {
            newRun = await ResetAsync(server, "parent", 9);
        }
        (await server.DescribeAsync("child")).WorkflowExecutionInfo.Status.ShouldBe(WorkflowExecutionStatus.Running);
        await server.CompleteAsync(await server.PollForAsync("child"), WorkerCommands.Complete());

        while (!(await server.HistoryAsync("parent", newRun)).Any(static e => e.EventType == EventType.ChildWorkflowExecutionCompleted))
        {
            await server.CompleteAsync(await server.PollForAsync("parent"));
        }
    }

    [Fact]
    public async Task Reset_ParentEndsAfterIt_ItsChildEndsWithIt()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("parent");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Child("child"));
        await server.CompleteAsync(await server.PollForAsync("parent"));
        await ResetAsync(server, "parent", 9);
        await server.CompleteAsync(await server.PollForAsync("parent"), WorkerCommands.Complete());
        var close = await server.CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, new GetWorkflowExecutionHistoryRequest
        {
            Namespace = TestServer.Namespace,
            Execution = new() { WorkflowId = "child" },
            WaitNewEvent = true,
            HistoryEventFilterType = HistoryEventFilterType.CloseEvent,
        });
        close.History.Events.ShouldHaveSingleItem().WorkflowExecutionTerminatedEventAttributes.Reason.ShouldBe("by parent close policy");
    }

    [Fact]
    public async Task Reset_UpdateCalledAgain_HasOneOutcome()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!);
        var first = UpdateAsync(server);
        var task = (await server.PollAsync())!;
        await RespondAsync(server, task, request => request.Accept(task.Messages[0]));
        await first;
        var newRun = await ResetAsync(server, "w", 4);

        var second = UpdateAsync(server);
        task = await server.PollForAsync("w");
        task.Messages.ShouldBeEmpty();
        var admitted = task.History.Events.Single(static e => e.EventType == EventType.WorkflowExecutionUpdateAdmitted).WorkflowExecutionUpdateAdmittedEventAttributes;
        await RespondAsync(server, task, request => request.Accept(new()
        {
            Id = "u/request",
            ProtocolInstanceId = "u",
            EventId = task.StartedEventId - 1,
            Body = Google.Protobuf.WellKnownTypes.Any.Pack(admitted.Request),
        }));
        var answer = await second;
        answer.Stage.ShouldBe(UpdateWorkflowExecutionLifecycleStage.Accepted);
        answer.UpdateRef.WorkflowExecution.RunId.ShouldBe(newRun);
        (await server.HistoryAsync("w")).Count(static e => e.EventType == EventType.WorkflowExecutionUpdateAccepted).ShouldBe(1);
    }

    [Fact]
    public async Task Reset_OfAnOlderRun_WhoseSuccessorIsDeleted_BeginsAgain()
    {
        await using var server = await TestServer.StartAsync();
        var first = await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Complete());
        await server.StartAsync("w");
        await server.CallAsync(
            WorkflowServiceMethods.DeleteWorkflowExecution, new DeleteWorkflowExecutionRequest { Namespace = TestServer.Namespace, WorkflowExecution = new() { WorkflowId = "w" } });
        var newRun = await ResetAsync(server, "w", 4, first.RunId);
        (await server.DescribeAsync("w")).WorkflowExecutionInfo.Execution.RunId.ShouldBe(newRun);
        (await server.PollForAsync("w")).WorkflowExecution.RunId.ShouldBe(newRun);
    }

    [Theory]
    [InlineData("same", true)]
    [InlineData("", false)]
    public async Task Reset_SameRequestAgain_IsOne_RequestsWithoutAnIdAreNot(string requestId, bool one)
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!);
        var first = await ResetAsync(server, "w", 4, requestId: requestId);
        var second = await ResetAsync(server, "w", 4, requestId: requestId);
        (first == second).ShouldBe(one);
    }

    private static Task<UpdateWorkflowExecutionResponse> UpdateAsync(TestServer server) => server.CallAsync(
        WorkflowServiceMethods.UpdateWorkflowExecution,
        new UpdateWorkflowExecutionRequest
        {
            Namespace = TestServer.Namespace,
            WorkflowExecution = new() { WorkflowId = "w" },
            Request = RunDriver.Update("u"),
            WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Accepted },
        });

    private static Task RespondAsync(TestServer server, PollWorkflowTaskQueueResponse task, Action<RespondWorkflowTaskCompletedRequest> fill)
    {
        var request = new RespondWorkflowTaskCompletedRequest { Namespace = TestServer.Namespace, TaskToken = task.TaskToken, Identity = "worker" };
        fill(request);
        return server.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskCompleted, request);
    }
}
