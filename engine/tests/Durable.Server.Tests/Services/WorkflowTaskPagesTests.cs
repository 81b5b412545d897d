using Durable.Protocol;
using Durable.Server.Tests.Engine;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Services;

/// <summary>A history longer than a page comes to the worker in parts, and ends exactly with its task.</summary>
public class WorkflowTaskPagesTests
{
    private const int Signals = 8;
    private const int SignalBytes = 1_000_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LongHistory_IsFetchedToTheTasksStarted(bool isTransient)
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("long");
        for (var i = 0; i < Signals; i++)
        {
            await server.CallAsync(WorkflowServiceMethods.SignalWorkflowExecution, new SignalWorkflowExecutionRequest
            {
                Namespace = TestServer.Namespace,
                WorkflowExecution = new() { WorkflowId = "long" },
                SignalName = "signal",
                Input = new() { Payloads_ = { new Payload { Data = ByteString.CopyFrom(new byte[SignalBytes]) } } },
            });
        }
        var task = await server.PollForAsync("long");
        if (isTransient)
        {
            await server.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskFailed, new RespondWorkflowTaskFailedRequest
            {
                Namespace = TestServer.Namespace,
                TaskToken = task.TaskToken,
                Cause = WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure,
            });
            task = await server.PollForAsync("long");
            task.Attempt.ShouldBe(2);
        }
        task.NextPageToken.IsEmpty.ShouldBeFalse();
        // What arrives now belongs to the next task.
        await server.SignalAsync("long", "late");
        task.CalculateSize().ShouldBeLessThan(4 * 1024 * 1024);
        var events = new List<HistoryEvent>(task.History.Events);
        var page = new GetWorkflowExecutionHistoryRequest { Namespace = TestServer.Namespace, Execution = task.WorkflowExecution, NextPageToken = task.NextPageToken };
        do
        {
            var response = await server.CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, page);
            response.CalculateSize().ShouldBeLessThan(4 * 1024 * 1024);
            events.AddRange(response.History.Events);
            page.NextPageToken = response.NextPageToken;
        }
        while (!page.NextPageToken.IsEmpty);
        events.Select(static e => e.EventId).ShouldBe(Enumerable.Range(1, (int)task.StartedEventId).Select(static id => (long)id));
        events[^1].EventType.ShouldBe(EventType.WorkflowTaskStarted);
    }
}
