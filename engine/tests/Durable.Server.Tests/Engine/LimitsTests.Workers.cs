using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Tests.Executions;
using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Engine;

// What workers send too much of.
public partial class LimitsTests
{
    // A command with too much in it; the cause; the words. The run ends.
    public static TheoryData<Command, WorkflowTaskFailedCause, string> TooLargeCommands => new()
    {
        {
            WorkerCommands.Activity("a", static attributes => attributes.Input = Blob(2 * Mebibyte)),
            WorkflowTaskFailedCause.BadScheduleActivityAttributes, "ScheduleActivityTaskCommandAttributes.Input exceeds size limit."
        },
        {
            new Command { CommandType = CommandType.CompleteWorkflowExecution, CompleteWorkflowExecutionCommandAttributes = new() { Result = Blob(2 * Mebibyte) } },
            WorkflowTaskFailedCause.BadScheduleActivityAttributes, "CompleteWorkflowExecutionCommandAttributes.Result exceeds size limit."
        },
        {
            WorkerCommands.Fail(new string('x', 2 * Mebibyte)),
            WorkflowTaskFailedCause.BadFailWorkflowExecutionAttributes, "FailWorkflowExecutionCommandAttributes.Failure exceeds size limit."
        },
        {
            new Command { CommandType = CommandType.RecordMarker, RecordMarkerCommandAttributes = new() { MarkerName = "m", Details = { ["d"] = Blob(2 * Mebibyte) } } },
            WorkflowTaskFailedCause.BadRecordMarkerAttributes, "RecordMarkerCommandAttributes.Details exceeds size limit."
        },
        {
            Child(static attributes => attributes.Input = Blob(2 * Mebibyte)),
            WorkflowTaskFailedCause.BadStartChildExecutionAttributes, "StartChildWorkflowExecutionCommandAttributes. Input exceeds size limit."
        },
        {
            Child(static attributes => attributes.Memo = Memo(2 * Mebibyte)),
            WorkflowTaskFailedCause.BadStartChildExecutionAttributes, "StartChildWorkflowExecutionCommandAttributes.Memo exceeds size limit."
        },
        {
            Child(static attributes => attributes.SearchAttributes = Attributes(("TemporalChangeVersion", $"[\"{new string('x', 2045)}\"]"))),
            WorkflowTaskFailedCause.BadStartChildExecutionAttributes, "search attribute TemporalChangeVersion value size 2049 exceeds size limit 2048"
        },
        {
            Continue(static attributes => attributes.Input = Blob(2 * Mebibyte)),
            WorkflowTaskFailedCause.BadContinueAsNewAttributes, "ContinueAsNewWorkflowExecutionCommandAttributes. Input exceeds size limit."
        },
        {
            Continue(static attributes => attributes.Memo = Memo(2 * Mebibyte)),
            WorkflowTaskFailedCause.BadContinueAsNewAttributes, "ContinueAsNewWorkflowExecutionCommandAttributes. Memo exceeds size limit."
        },
        {
            new Command
            {
                CommandType = CommandType.SignalExternalWorkflowExecution,
                SignalExternalWorkflowExecutionCommandAttributes = new() { Execution = new() { WorkflowId = "other" }, SignalName = "s", Input = Blob(2 * Mebibyte) },
            },
            WorkflowTaskFailedCause.BadSignalWorkflowExecutionAttributes, "SignalExternalWorkflowExecutionCommandAttributes.Input exceeds size limit."
        },
        {
            Upsert(("TemporalChangeVersion", $"[\"{new string('x', 2045)}\"]")),
            WorkflowTaskFailedCause.BadSearchAttributes, "search attribute TemporalChangeVersion value size 2049 exceeds size limit 2048"
        },
        {
            Upsert(("TemporalChangeVersion", $"[\"{new string('x', 2 * Mebibyte)}\"]")),
            WorkflowTaskFailedCause.BadSearchAttributes, "UpsertWorkflowSearchAttributesCommandAttributes exceeds size limit."
        },
        {
            new Command { CommandType = CommandType.ModifyWorkflowProperties, ModifyWorkflowPropertiesCommandAttributes = new() { UpsertedMemo = Memo(2 * Mebibyte) } },
            WorkflowTaskFailedCause.BadModifyWorkflowPropertiesAttributes, "ModifyWorkflowPropertiesCommandAttributes exceeds size limit."
        },
        {
            // With what is there already.
            new Command { CommandType = CommandType.ModifyWorkflowProperties, ModifyWorkflowPropertiesCommandAttributes = new() { UpsertedMemo = Memo((2 * Mebibyte) - 1000) } },
            WorkflowTaskFailedCause.BadModifyWorkflowPropertiesAttributes, "ModifyWorkflowPropertiesCommandAttributes. Memo exceeds size limit."
        },
    };

    [Theory]
    [MemberData(nameof(TooLargeCommands))]
    public async Task Command_TooLarge_TerminatesTheRun(Command command, WorkflowTaskFailedCause cause, string message)
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w", configure: static request => request.Memo = new Memo { Fields = { ["another"] = Blob(2000).Payloads_[0] } });
        var task = (await server.PollAsync())!;
        await RefusedAsync(() => server.CompleteAsync(task, command), RpcStatusCode.InvalidArgument, $"{cause}: {message}");
        var history = await server.HistoryAsync("w");
        history[^2].WorkflowTaskFailedEventAttributes.Cause.ShouldBe(cause);
        history[^1].WorkflowExecutionTerminatedEventAttributes.Reason.ShouldBe($"{cause}: {message}");
        history[^1].WorkflowExecutionTerminatedEventAttributes.Identity.ShouldBe("history-service");
    }

    // What an activity's worker sends too much of; the failure that the activity ends with.
    public static TheoryData<Func<TestServer, PollActivityTaskQueueResponse, Task>, string> TooLargeAnswers => new()
    {
        { static (server, task) => server.CompleteActivityAsync(task, Blob(2 * Mebibyte)), "Complete result exceeds size limit." },
        {
            static (server, task) => server.CallAsync(WorkflowServiceMethods.RespondActivityTaskCompletedById, new RespondActivityTaskCompletedByIdRequest
            {
                Namespace = TestServer.Namespace, WorkflowId = "w", ActivityId = task.ActivityId, Result = Blob(2 * Mebibyte),
            }),
            "Complete result exceeds size limit."
        },
        {
            static (server, task) => server.CallAsync(WorkflowServiceMethods.RespondActivityTaskCanceled, new RespondActivityTaskCanceledRequest
            {
                Namespace = TestServer.Namespace, TaskToken = task.TaskToken, Details = Blob(2 * Mebibyte),
            }),
            "Cancel details exceed size limit."
        },
        { static async (server, task) => (await HeartbeatAsync(server, task, 2 * Mebibyte)).CancelRequested.ShouldBeTrue(), "Heartbeat details exceed size limit." },
        {
            static async (server, task) => (await FailAsync(server, task, 2 * Mebibyte, 0)).Failures.ShouldHaveSingleItem().Message.ShouldBe("Failure exceeds size limit."),
            "Failure exceeds size limit."
        },
    };

    [Theory]
    [MemberData(nameof(TooLargeAnswers))]
    public async Task ActivityAnswer_TooLarge_FailsTheActivityForGood(Func<TestServer, PollActivityTaskQueueResponse, Task> answer, string message)
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Activity("a"));
        await answer(server, (await server.PollActivityAsync())!);
        var failed = (await server.HistoryAsync("w")).Single(static e => e.EventType == EventType.ActivityTaskFailed).ActivityTaskFailedEventAttributes;
        failed.Failure.Message.ShouldBe(message);
        failed.Failure.ServerFailureInfo.NonRetryable.ShouldBeTrue();
        failed.RetryState.ShouldBe(RetryState.NonRetryableFailure);
        failed.CalculateSize().ShouldBeLessThan(Mebibyte);
    }

    [Fact]
    public async Task ActivityFailure_WithTooLargeHeartbeat_IsToldAndIsRetriedWithoutIt()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Activity("a", static attributes => attributes.RetryPolicy = new() { InitialInterval = RunDriver.Seconds(0.001) }));
        var answer = await FailAsync(server, (await server.PollActivityAsync())!, 10, 2 * Mebibyte);
        answer.Failures.ShouldHaveSingleItem().Message.ShouldBe("Heartbeat details exceed size limit.");
        var next = (await server.PollActivityAsync())!;
        next.Attempt.ShouldBe(2);
        next.HeartbeatDetails.ShouldBeNull();
    }

    [Fact]
    public async Task QueryAnswer_TooLarge_FailsTheQuery()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!);
        var query = QueryAsync(server, null);
        await server.CallAsync(WorkflowServiceMethods.RespondQueryTaskCompleted, new RespondQueryTaskCompletedRequest
        {
            Namespace = TestServer.Namespace,
            TaskToken = (await server.PollAsync())!.TaskToken,
            CompletedType = QueryResultType.Answered,
            QueryResult = Blob(2 * Mebibyte),
        });
        await RefusedAsync(() => query, RpcStatusCode.InvalidArgument, "Blob data size exceeds limit.");
    }

    [Fact]
    public void Failure_Cut_KeepsWhatDecidesOnRetries_AndWholeCharacters()
    {
        var cause = new Failure { Message = "cause", ApplicationFailureInfo = new() { Type = "Inner", Details = Blob(1000) } };
        var failure = new Failure { Message = new string('é', 40), StackTrace = "stack", Cause = cause, ApplicationFailureInfo = new() { Type = "T", NonRetryable = true, Details = Blob(1000) } };
        Failures.Truncate(failure, 1000).ShouldBe(new Failure
        {
            Message = failure.Message, StackTrace = "stack", ApplicationFailureInfo = new() { Type = "T", NonRetryable = true },
            Cause = new Failure { Message = "cause", ApplicationFailureInfo = new() { Type = "Inner" } },
        });
        Failures.Truncate(failure, 16).ShouldBe(new Failure { Message = "ééééé", ApplicationFailureInfo = new() { Type = "T", NonRetryable = true } });
    }
}
