using Durable.Protocol;
using Durable.Server.Tests.Engine;
using Durable.Server.Tests.Executions;
using Google.Protobuf;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Services;

public class ExecutionServiceTests
{
    [Fact]
    public async Task History_Paged_CountsTransactionsNotEvents()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        for (var i = 0; i < 2; i++)
        {
            await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Activity("a"), WorkerCommands.Timer("t", 3600));
            await server.CompleteActivityAsync((await server.PollActivityAsync())!);
            await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.CancelTimer("t"));
            await server.SignalAsync("w", "signal");
        }
        var all = await server.HistoryAsync("w");
        var paged = new List<long>();
        var request = new GetWorkflowExecutionHistoryRequest { Namespace = TestServer.Namespace, Execution = new() { WorkflowId = "w" }, MaximumPageSize = 3 };
        do
        {
            var page = await server.CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, request);
            page.History.Events.Count.ShouldBeGreaterThan(0);
            paged.AddRange(page.History.Events.Select(static e => e.EventId));
            request.NextPageToken = page.NextPageToken;
        }
        while (!request.NextPageToken.IsEmpty);
        paged.ShouldBe(all.Select(static e => e.EventId));

        // The first three: started with its task scheduled, the task's start, its completion with the commands.
        request.NextPageToken = ByteString.Empty;
        (await server.CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, request)).History.Events.Count.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task HistoryReverse_IsTheHistoryBackwards()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Timer("t", 3600));
        await server.SignalAsync("w", "signal");
        var reversed = new List<long>();
        var request = new GetWorkflowExecutionHistoryReverseRequest { Namespace = TestServer.Namespace, Execution = new() { WorkflowId = "w" }, MaximumPageSize = 1 };
        do
        {
            var page = await server.CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistoryReverse, request);
            reversed.AddRange(page.History.Events.Select(static e => e.EventId));
            request.NextPageToken = page.NextPageToken;
        }
        while (!request.NextPageToken.IsEmpty);
        reversed.ShouldBe((await server.HistoryAsync("w")).Select(static e => e.EventId).Reverse());
    }

    [Fact]
    public async Task HistoryLongPoll_GivesWhatIsThereAndAToken_ThenWhatComes_AndEndsWithTheRun()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        var request = new GetWorkflowExecutionHistoryRequest { Namespace = TestServer.Namespace, Execution = new() { WorkflowId = "w" }, WaitNewEvent = true };
        var first = await server.CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, request);
        first.History.Events.Select(static e => e.EventId).ShouldBe([1, 2]);
        request.NextPageToken = first.NextPageToken;
        var waiting = server.CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, request);
        await server.SignalAsync("w", "signal");
        var second = await waiting;
        second.History.Events.ShouldHaveSingleItem().EventType.ShouldBe(EventType.WorkflowExecutionSignaled);

        // The token names the run, whatever becomes of the workflow id.
        await TerminateAsync(server);
        await server.StartAsync("w");
        request.NextPageToken = second.NextPageToken;
        var last = await server.CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, request);
        last.History.Events.ShouldHaveSingleItem().EventType.ShouldBe(EventType.WorkflowExecutionTerminated);
        last.NextPageToken.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task HistoryOfTheCloseEvent_WaitsForIt_AndIsItAlone()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        var waiting = server.CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, new GetWorkflowExecutionHistoryRequest
        {
            Namespace = TestServer.Namespace, Execution = new() { WorkflowId = "w" }, WaitNewEvent = true, HistoryEventFilterType = HistoryEventFilterType.CloseEvent,
        });
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Complete());
        var answer = await waiting;
        answer.History.Events.ShouldHaveSingleItem().EventType.ShouldBe(EventType.WorkflowExecutionCompleted);
        answer.NextPageToken.IsEmpty.ShouldBeTrue();
        answer.RawHistory.ShouldBeEmpty();
    }

    [Fact]
    public async Task History_OfAFailingTask_EndsWithItsScheduledEvent_WhichIsNotStored()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await server.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskFailed, new RespondWorkflowTaskFailedRequest
        {
            Namespace = TestServer.Namespace, TaskToken = (await server.PollAsync())!.TaskToken, Cause = WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure,
        });
        var history = await server.HistoryAsync("w");
        history.Select(static e => e.EventType).ShouldBe(
        [
            EventType.WorkflowExecutionStarted, EventType.WorkflowTaskScheduled, EventType.WorkflowTaskStarted, EventType.WorkflowTaskFailed, EventType.WorkflowTaskScheduled,
        ]);
        (history[4].EventId, history[4].TaskId).ShouldBe((5, 0));
        (await server.DescribeAsync("w")).WorkflowExecutionInfo.HistoryLength.ShouldBe(4);
    }

    [Theory]
    [InlineData("garbage", RpcStatusCode.InvalidArgument, "Invalid NextPageToken.")]
    public async Task History_WithABadToken_IsRefused(string token, RpcStatusCode code, string message)
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        var fault = await Should.ThrowAsync<RpcFaultException>(() => server.CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, new GetWorkflowExecutionHistoryRequest
        {
            Namespace = TestServer.Namespace, Execution = new() { WorkflowId = "w" }, NextPageToken = ByteString.CopyFromUtf8(token),
        }));
        (fault.Code, fault.Message).ShouldBe((code, message));
    }

    // How the run has ended; what is asked for; the status that the rejection tells, null: it is answered.
    [Theory]
    [InlineData("running", QueryRejectCondition.NotOpen, null)]
    [InlineData("running", QueryRejectCondition.NotCompletedCleanly, null)]
    [InlineData("completed", QueryRejectCondition.None, null)]
    [InlineData("completed", QueryRejectCondition.NotOpen, WorkflowExecutionStatus.Completed)]
    [InlineData("completed", QueryRejectCondition.NotCompletedCleanly, null)]
    [InlineData("terminated", QueryRejectCondition.None, null)]
    [InlineData("terminated", QueryRejectCondition.NotOpen, WorkflowExecutionStatus.Terminated)]
    [InlineData("terminated", QueryRejectCondition.NotCompletedCleanly, WorkflowExecutionStatus.Terminated)]
    public async Task Query_GoesByItsRejectCondition(string how, QueryRejectCondition condition, WorkflowExecutionStatus? rejected)
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!, how == "completed" ? [WorkerCommands.Complete()] : []);
        if (how == "terminated")
        {
            await TerminateAsync(server);
        }
        var query = QueryAsync(server, condition);
        if (rejected is { } status)
        {
            var answer = await query;
            answer.QueryRejected.Status.ShouldBe(status);
            answer.QueryResult.ShouldBeNull();
            return;
        }
        // With the whole history, through the queue that everybody polls.
        var task = (await server.PollAsync())!;
        (task.Query.QueryType, task.StartedEventId, task.Attempt, task.PreviousStartedEventId).ShouldBe(("query", 0, 1, 3));
        task.History.Events.Count.ShouldBe((await server.HistoryAsync("w")).Count);
        await AnswerAsync(server, task);
        (await query).QueryRejected.ShouldBeNull();
    }

    [Fact]
    public async Task Query_FailedByTheWorker_IsInvalidArgumentWithItsDetail()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!);
        var query = QueryAsync(server);
        await server.CallAsync(WorkflowServiceMethods.RespondQueryTaskCompleted, new RespondQueryTaskCompletedRequest
        {
            Namespace = TestServer.Namespace, TaskToken = (await server.PollAsync())!.TaskToken, CompletedType = QueryResultType.Failed, ErrorMessage = "exploded",
            Failure = WorkerCommands.ApplicationFailure("Exploded"),
        });
        var fault = await Should.ThrowAsync<RpcFaultException>(() => query);
        (fault.Code, fault.Message).ShouldBe((RpcStatusCode.InvalidArgument, "exploded"));
        fault.Details.ShouldHaveSingleItem().Unpack<QueryFailedFailure>().Failure.ApplicationFailureInfo.Type.ShouldBe("Exploded");
    }

    [Fact]
    public async Task Query_NobodyPolls_WaitsAsLongAsItsCaller()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!);
        var impatient = server.CallAsync(WorkflowServiceMethods.QueryWorkflow, Query(), TimeSpan.FromSeconds(0.2));
        (await Should.ThrowAsync<RpcFaultException>(() => impatient)).Code.ShouldBe(RpcStatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task CancelOfAClosedRun_IsNoError_ItsTerminationIs()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await TerminateAsync(server);
        (await server.HistoryAsync("w"))[^1].WorkflowExecutionTerminatedEventAttributes.Reason.ShouldBe("terminated by user via frontend");
        await server.CallAsync(
            WorkflowServiceMethods.RequestCancelWorkflowExecution,
            new RequestCancelWorkflowExecutionRequest { Namespace = TestServer.Namespace, WorkflowExecution = new() { WorkflowId = "w" } });
        var fault = await Should.ThrowAsync<RpcFaultException>(() => TerminateAsync(server));
        (fault.Code, fault.Message).ShouldBe((RpcStatusCode.NotFound, "workflow execution already completed"));
    }

    [Fact]
    public async Task Describe_ActivityBetweenAttempts_IsTheNextOne()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Activity("a", static attributes => attributes.RetryPolicy = new() { InitialInterval = RunDriver.Seconds(30), MaximumAttempts = 5 }));
        var task = (await server.PollActivityAsync())!;
        await server.CallAsync(WorkflowServiceMethods.RespondActivityTaskFailed, new RespondActivityTaskFailedRequest
        {
            Namespace = TestServer.Namespace, TaskToken = task.TaskToken, Identity = "worker", Failure = WorkerCommands.ApplicationFailure("Visible"),
        });
        var pending = (await server.DescribeAsync("w")).PendingActivities.ShouldHaveSingleItem();
        (pending.State, pending.Attempt, pending.MaximumAttempts, pending.LastWorkerIdentity).ShouldBe((PendingActivityState.Scheduled, 2, 5, "worker"));
        pending.NextAttemptScheduleTime.ShouldBe(pending.ScheduledTime);
        (pending.ScheduledTime.ToDateTimeOffset() - pending.LastAttemptCompleteTime.ToDateTimeOffset()).ShouldBe(TimeSpan.FromSeconds(30));
        pending.CurrentRetryInterval.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(30));
        pending.LastFailure.ApplicationFailureInfo.Type.ShouldBe("Visible");
        pending.ActivityOptions.RetryPolicy.MaximumInterval.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(3000));
        pending.ActivityOptions.StartToCloseTimeout.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(10));
    }

    private static Task TerminateAsync(TestServer server) => server.CallAsync(
        WorkflowServiceMethods.TerminateWorkflowExecution,
        new TerminateWorkflowExecutionRequest { Namespace = TestServer.Namespace, WorkflowExecution = new() { WorkflowId = "w" } });

    private static QueryWorkflowRequest Query(QueryRejectCondition condition = QueryRejectCondition.None) => new()
    {
        Namespace = TestServer.Namespace, Execution = new() { WorkflowId = "w" }, Query = new() { QueryType = "query" }, QueryRejectCondition = condition,
    };

    private static Task<QueryWorkflowResponse> QueryAsync(TestServer server, QueryRejectCondition condition = QueryRejectCondition.None) =>
        server.CallAsync(WorkflowServiceMethods.QueryWorkflow, Query(condition));

    private static Task AnswerAsync(TestServer server, PollWorkflowTaskQueueResponse task) => server.CallAsync(
        WorkflowServiceMethods.RespondQueryTaskCompleted,
        new RespondQueryTaskCompletedRequest { Namespace = TestServer.Namespace, TaskToken = task.TaskToken, CompletedType = QueryResultType.Answered, QueryResult = new() });
}
