using Durable.Protocol;
using Durable.Server.Tests.Executions;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Engine;

public class HandOutTests
{
    [Fact]
    public async Task NextTask_OfACompletedSpeculativeOne_GoesToAPollerThatWaitsWithTheWholeHistory()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Timer("t", 3600));
        var update = server.CallAsync(WorkflowServiceMethods.UpdateWorkflowExecution, new UpdateWorkflowExecutionRequest
        {
            Namespace = TestServer.Namespace,
            WorkflowExecution = new() { WorkflowId = "w" },
            WaitPolicy = new() { LifecycleStage = Temporalio.Api.Enums.V1.UpdateWorkflowExecutionLifecycleStage.Completed },
            Request = new() { Meta = new() { UpdateId = "u" }, Input = new() { Name = "update" } },
        });
        var task = (await server.PollAsync())!;
        var waiting = server.PollAsync();
        await StoreFailureTests.WaitForPollerAsync(server);

        // The events of the speculative task are stored with this answer, in the transaction that also starts the next task.
        var answer = new RespondWorkflowTaskCompletedRequest { Namespace = TestServer.Namespace, TaskToken = task.TaskToken, ForceCreateNewWorkflowTask = true };
        answer.Accept(task.Messages[0]);
        answer.Answer(task.Messages[0].ProtocolInstanceId);
        await server.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskCompleted, answer);
        await update;

        var next = (await waiting)!;
        next.History.Events.Select(static e => e.EventId).ShouldBe(Enumerable.Range(1, (int)next.StartedEventId).Select(static id => (long)id));
    }
}
