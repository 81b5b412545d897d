using Durable.Protocol;
using Durable.Server.Tests.Engine;
using Durable.Server.Tests.Executions;
using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Services;

public class TaskServiceTests
{
    private const string Sticky = "sticky";

    [Fact]
    public async Task Poll_NothingCame_AnswersWithNoByte_BeforeTheCallersTimeIsOver()
    {
        await using var server = await TestServer.StartAsync();
        // Nobody hangs up: only the time that the server was told makes it answer.
        var workflow = await server.PollAsync(
            WorkflowServiceMethods.PollWorkflowTaskQueue,
            new PollWorkflowTaskQueueRequest { Namespace = TestServer.Namespace, TaskQueue = new() { Name = "empty" } },
            TimeSpan.FromSeconds(0.2));
        workflow.CalculateSize().ShouldBe(0);
        var activity = await server.PollAsync(
            WorkflowServiceMethods.PollActivityTaskQueue,
            new PollActivityTaskQueueRequest { Namespace = TestServer.Namespace, TaskQueue = new() { Name = "empty" } },
            TimeSpan.FromSeconds(0.2));
        activity.CalculateSize().ShouldBe(0);
        var nexus = await server.PollAsync(
            WorkflowServiceMethods.PollNexusTaskQueue,
            new PollNexusTaskQueueRequest { Namespace = TestServer.Namespace, TaskQueue = new() { Name = "empty" } },
            TimeSpan.FromSeconds(0.2));
        nexus.CalculateSize().ShouldBe(0);
    }

    [Fact]
    public async Task Tasks_OnTheNormalQueueHaveAllOfTheHistory_OnTheStickyOneWhatIsNew()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        var first = (await server.PollAsync())!;
        first.History.Events.Select(static e => e.EventId).ShouldBe([1, 2, 3]);
        (first.StartedEventId, first.PreviousStartedEventId, first.Attempt, first.WorkflowType.Name).ShouldBe((3, 0, 1, "test"));
        first.ScheduledTime.ShouldNotBeNull();
        first.StartedTime.ShouldNotBeNull();
        var sticky = PollStickyAsync(server);
        await StoreFailureTests.WaitForPollerAsync(server, Sticky);
        await StayAsync(server, first);
        await server.SignalAsync("w", "signal");

        var second = await sticky;
        second.History.Events.Select(static e => e.EventType)
            .ShouldBe([EventType.WorkflowTaskCompleted, EventType.WorkflowExecutionSignaled, EventType.WorkflowTaskScheduled, EventType.WorkflowTaskStarted]);
        second.History.Events[2].WorkflowTaskScheduledEventAttributes.TaskQueue.ShouldBe(
            new TaskQueue { Name = Sticky, Kind = TaskQueueKind.Sticky, NormalName = TestServer.Queue });
        second.PreviousStartedEventId.ShouldBe(3);
        second.WorkflowExecutionTaskQueue.ShouldBe(new TaskQueue { Name = TestServer.Queue, Kind = TaskQueueKind.Normal });

        // Who answers without a sticky queue has nothing cached any more.
        await server.CompleteAsync(second);
        await server.SignalAsync("w", "signal");
        var third = (await server.PollAsync())!;
        third.History.Events[0].EventId.ShouldBe(1);
        third.PreviousStartedEventId.ShouldBe(second.StartedEventId);
    }

    [Fact]
    public async Task Completion_WithTheNextTaskForced_HasItInTheAnswer()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        var first = (await server.PollAsync())!;
        Guid.TryParse(first.History.Events[2].WorkflowTaskStartedEventAttributes.RequestId, out _).ShouldBeTrue();
        var answer = await StayAsync(server, first, static request => request.ForceCreateNewWorkflowTask = true);
        answer.ResetHistoryEventId.ShouldBe(0);
        var next = answer.WorkflowTask;
        next.History.Events.Select(static e => e.EventType).ShouldBe([EventType.WorkflowTaskCompleted, EventType.WorkflowTaskScheduled, EventType.WorkflowTaskStarted]);
        next.History.Events[2].WorkflowTaskStartedEventAttributes.RequestId.ShouldBe("request-from-RespondWorkflowTaskCompleted");
        await server.CompleteAsync(next, WorkerCommands.Complete());
    }

    public static TheoryData<string, Func<TestServer, Task>> WaysToGiveUpASticky => new()
    {
        {
            "reset", static server => server.CallAsync(
                WorkflowServiceMethods.ResetStickyTaskQueue, new ResetStickyTaskQueueRequest { Namespace = TestServer.Namespace, Execution = new() { WorkflowId = "w" } })
        },
        {
            "shutdown", static server => server.CallAsync(
                WorkflowServiceMethods.ShutdownWorker, new ShutdownWorkerRequest { Namespace = TestServer.Namespace, StickyTaskQueue = Sticky })
        },
    };

    [Theory]
    [MemberData(nameof(WaysToGiveUpASticky))]
    public async Task StickyQueue_GivenUp_ItsTaskGoesToTheNormalQueueAtOnce(string way, Func<TestServer, Task> giveUp)
    {
        way.ShouldNotBeEmpty();
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        // Somebody polled there a moment ago, so the task goes there.
        (await PollStickyAsync(server, TimeSpan.FromSeconds(0.1))).TaskToken.IsEmpty.ShouldBeTrue();
        await StayAsync(server, (await server.PollAsync())!);
        await server.SignalAsync("w", "signal");
        await giveUp(server);
        var task = (await server.PollAsync())!;
        task.History.Events[0].EventId.ShouldBe(1);
        task.History.Events.ShouldNotContain(static e => e.EventType == EventType.WorkflowTaskTimedOut);
    }

    [Fact]
    public async Task Shutdown_OfAWorker_EndsItsPollsAndNoOthers()
    {
        await using var server = await TestServer.StartAsync();
        Task<PollWorkflowTaskQueueResponse> PollAsync(string key) => server.CallAsync(
            WorkflowServiceMethods.PollWorkflowTaskQueue,
            new PollWorkflowTaskQueueRequest { Namespace = TestServer.Namespace, TaskQueue = new() { Name = TestServer.Queue }, Identity = key, WorkerInstanceKey = key });
        var one = PollAsync("one");
        var other = PollAsync("other");
        // Of the same worker; it ends a minute from now, or with the worker.
        var nexus = server.BeginAsync(
            WorkflowServiceMethods.PollNexusTaskQueue,
            new PollNexusTaskQueueRequest { Namespace = TestServer.Namespace, TaskQueue = new() { Name = TestServer.Queue }, WorkerInstanceKey = "one" });
        await StoreFailureTests.WaitForPollerAsync(server, pollers: 2);
        await server.CallAsync(WorkflowServiceMethods.ShutdownWorker, new ShutdownWorkerRequest { Namespace = TestServer.Namespace, WorkerInstanceKey = "one" });
        (await one).CalculateSize().ShouldBe(0);
        await nexus.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await server.StartAsync("w");
        (await other).WorkflowExecution.WorkflowId.ShouldBe("w");
    }

    [Fact]
    public void FailingTask_HasMoreAndMoreTimeFromTheFourthAttempt()
    {
        var run = new RunDriver(configure: static attributes => attributes.WorkflowTaskTimeout = RunDriver.Seconds(1));
        var timeouts = new List<double>();
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            var task = run.Poll()!;
            task.Attempt.ShouldBe(attempt);
            var scheduled = task.VirtualEvents.Count > 0 ? task.VirtualEvents[0] : run.History[1];
            timeouts.Add(scheduled.WorkflowTaskScheduledEventAttributes.StartToCloseTimeout.ToTimeSpan().TotalSeconds);
            run.AdvanceToNextTimer();
        }
        timeouts.ShouldBe([1, 1, 1, 6, 11, 21]);
        run.Shape.ShouldBe("WorkflowExecutionStarted WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskTimedOut");
    }

    [Fact]
    public async Task EagerActivity_OfTheSameQueue_IsInTheAnswer_CompleteAsFromAPoll()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        var answer = await StayAsync(server, (await server.PollAsync())!, static request => request.Commands.Add(
        [
            WorkerCommands.Activity("eager", static attributes => attributes.RequestEagerExecution = true),
            WorkerCommands.Activity("elsewhere", static attributes => (attributes.RequestEagerExecution, attributes.TaskQueue) = (true, new() { Name = "another" })),
            WorkerCommands.Activity("polled"),
        ]));
        var eager = answer.ActivityTasks.ShouldHaveSingleItem();
        var polled = (await server.PollActivityAsync())!;
        (eager.ActivityId, polled.ActivityId).ShouldBe(("eager", "polled"));
        foreach (var task in new[] { eager, polled })
        {
            task.WorkflowNamespace.ShouldBe(TestServer.Namespace);
            task.WorkflowType.Name.ShouldBe("test");
            task.WorkflowExecution.WorkflowId.ShouldBe("w");
            task.ScheduledTime.ShouldNotBeNull();
            task.CurrentAttemptScheduledTime.ShouldBe(task.ScheduledTime);
            task.StartedTime.ShouldNotBeNull();
            task.Attempt.ShouldBe(1);
            task.ScheduleToCloseTimeout.ToTimeSpan().ShouldBe(TimeSpan.Zero);
            task.StartToCloseTimeout.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(10));
            task.HeartbeatTimeout.ToTimeSpan().ShouldBe(TimeSpan.Zero);
            task.RetryPolicy.ShouldBe(new() { InitialInterval = RunDriver.Seconds(1), BackoffCoefficient = 2, MaximumInterval = RunDriver.Seconds(100) });
            await server.CompleteActivityAsync(task);
        }
    }

    [Fact]
    public async Task BuildId_OfTheFirstTask_IsASearchAttributeAndAPointToResetTo_NoEvent()
    {
        await using var server = await TestServer.StartAsync();
        var started = await server.StartAsync("w");
        await StayAsync(server, (await server.PollAsync())!, static request => request.WorkerVersionStamp = new() { BuildId = "one" });
        var info = (await server.DescribeAsync("w")).WorkflowExecutionInfo;
        var listed = info.SearchAttributes.IndexedFields["BuildIds"];
        listed.Data.ToStringUtf8().ShouldBe("[\"unversioned\",\"unversioned:one\"]");
        listed.Metadata["type"].ToStringUtf8().ShouldBe("KeywordList");
        info.MostRecentWorkerVersionStamp.BuildId.ShouldBe("one");
        var point = info.AutoResetPoints.Points.ShouldHaveSingleItem();
        (point.BuildId, point.RunId, point.FirstWorkflowTaskCompletedId, point.Resettable).ShouldBe(("one", started.RunId, 4, true));
        (await server.HistoryAsync("w")).Count.ShouldBe(4);

        await server.SignalAsync("w", "signal");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.ContinueAsNew());
        (await server.HistoryAsync("w"))[0].WorkflowExecutionStartedEventAttributes.PrevAutoResetPoints.Points.ShouldHaveSingleItem().RunId.ShouldBe(started.RunId);
    }

    [Fact]
    public async Task Completion_NamingAnUnknownNamespace_IsRefusedAndItsTaskWaitsForAnother()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        var task = (await server.PollAsync())!;
        var signal = WorkerCommands.SignalExternal("other");
        signal.SignalExternalWorkflowExecutionCommandAttributes.Namespace = "nowhere";
        var fault = await Should.ThrowAsync<RpcFaultException>(() => server.CompleteAsync(task, signal));
        (fault.Code, fault.Message).ShouldBe((RpcStatusCode.NotFound, "Namespace nowhere is not found."));
        await server.CompleteAsync(task);
        (await server.HistoryAsync("w"))[^1].EventType.ShouldBe(EventType.WorkflowTaskCompleted);
    }

    // The first task is with a worker when the query comes, so the query goes out by itself after it: to the sticky queue of a worker that has died meanwhile.
    [Fact]
    public async Task Query_AfterTheFirstTaskOfAWorkerThatDies_GoesToTheNormalQueueWhenTheStickyOneDoesNotAnswer()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        var task = (await server.PollAsync())!;
        var dead = PollStickyAsync(server);
        await StoreFailureTests.WaitForPollerAsync(server, Sticky);
        var query = server.BeginAsync(WorkflowServiceMethods.QueryWorkflow, new QueryWorkflowRequest
        {
            Namespace = TestServer.Namespace, Execution = new() { WorkflowId = "w" }, Query = new() { QueryType = "query" },
        });
        await StayAsync(server, task, static request => request.StickyAttributes.ScheduleToStartTimeout = RunDriver.Seconds(0.1));
        (await dead).Query.QueryType.ShouldBe("query");

        var again = (await server.PollAsync())!;
        (again.Query.QueryType, again.History.Events.Count).ShouldBe(("query", 4));
        await server.CallAsync(WorkflowServiceMethods.RespondQueryTaskCompleted, new RespondQueryTaskCompletedRequest
        {
            Namespace = TestServer.Namespace, TaskToken = again.TaskToken, CompletedType = QueryResultType.Answered, QueryResult = new(),
        });
        await query;
        // Its next task too: the worker with the cache is given up.
        await server.SignalAsync("w", "signal");
        (await server.PollAsync())!.History.Events[0].EventId.ShouldBe(1);
    }

    // Every call that takes a token.
    public static TheoryData<string, Func<TestServer, ByteString, Task>> CallsWithTokens => new()
    {
        { "completed", static (server, token) => server.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskCompleted, new RespondWorkflowTaskCompletedRequest { TaskToken = token }) },
        { "failed", static (server, token) => server.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskFailed, new RespondWorkflowTaskFailedRequest { TaskToken = token }) },
        { "query", static (server, token) => server.CallAsync(WorkflowServiceMethods.RespondQueryTaskCompleted, new RespondQueryTaskCompletedRequest { TaskToken = token }) },
        { "activity completed", static (server, token) => server.CallAsync(WorkflowServiceMethods.RespondActivityTaskCompleted, new RespondActivityTaskCompletedRequest { TaskToken = token }) },
        { "activity failed", static (server, token) => server.CallAsync(WorkflowServiceMethods.RespondActivityTaskFailed, new RespondActivityTaskFailedRequest { TaskToken = token }) },
        { "activity canceled", static (server, token) => server.CallAsync(WorkflowServiceMethods.RespondActivityTaskCanceled, new RespondActivityTaskCanceledRequest { TaskToken = token }) },
        { "heartbeat", static (server, token) => server.CallAsync(WorkflowServiceMethods.RecordActivityTaskHeartbeat, new RecordActivityTaskHeartbeatRequest { TaskToken = token }) },
    };

    [Theory]
    [MemberData(nameof(CallsWithTokens))]
    public async Task Token_MissingOrGarbage_InvalidArgument_OfAnUnknownRun_NotFound(string call, Func<TestServer, ByteString, Task> make)
    {
        call.ShouldNotBeEmpty();
        await using var server = await TestServer.StartAsync();
        async Task RefusedAsync(ByteString token, RpcStatusCode code, string? message)
        {
            var fault = await Should.ThrowAsync<RpcFaultException>(() => make(server, token));
            fault.Code.ShouldBe(code);
            fault.Message.ShouldBe(message ?? fault.Message);
        }
        await RefusedAsync(ByteString.Empty, RpcStatusCode.InvalidArgument, "Task token not set on request.");
        await RefusedAsync(ByteString.CopyFromUtf8("garbage"), RpcStatusCode.InvalidArgument, "Error deserializing task token.");
        var unknown = new Durable.Server.Executions.TaskToken { Namespace = TestServer.Namespace, WorkflowId = "w", RunId = Guid.NewGuid().ToString(), ScheduledEventId = 5, StartedEventId = 6, Attempt = 1, QueryId = "q" };
        await RefusedAsync(unknown.ToByteString(), RpcStatusCode.NotFound, null);
    }

    private static Task<RespondWorkflowTaskCompletedResponse> StayAsync(
        TestServer server, PollWorkflowTaskQueueResponse task, Action<RespondWorkflowTaskCompletedRequest>? configure = null)
    {
        var request = new RespondWorkflowTaskCompletedRequest
        {
            Namespace = TestServer.Namespace,
            TaskToken = task.TaskToken,
            Identity = "worker",
            ReturnNewWorkflowTask = true,
            StickyAttributes = new() { WorkerTaskQueue = new() { Name = Sticky, Kind = TaskQueueKind.Sticky, NormalName = TestServer.Queue }, ScheduleToStartTimeout = RunDriver.Seconds(10) },
        };
        configure?.Invoke(request);
        return server.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskCompleted, request);
    }

    private static Task<PollWorkflowTaskQueueResponse> PollStickyAsync(TestServer server, TimeSpan? wait = null) => server.PollAsync(
        WorkflowServiceMethods.PollWorkflowTaskQueue,
        new PollWorkflowTaskQueueRequest { Namespace = TestServer.Namespace, TaskQueue = new() { Name = Sticky, Kind = TaskQueueKind.Sticky, NormalName = TestServer.Queue } },
        wait);
}
