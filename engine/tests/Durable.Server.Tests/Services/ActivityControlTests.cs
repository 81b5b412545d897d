using Durable.Protocol;
using Durable.Server.Tests.Engine;
using Durable.Server.Tests.Executions;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Services;

public class ActivityControlTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(0.2);

    [Fact]
    public async Task Pause_OfOneThatWaits_KeepsItFromWorkers_UntilItIsUnpaused()
    {
        await using var server = await StartAsync();
        await PauseAsync(server);
        (await server.PollActivityAsync(Moment)).ShouldBeNull();
        var pending = await PendingAsync(server);
        (pending.State, pending.Paused, pending.PauseInfo.Manual.Reason, pending.PauseInfo.Manual.Identity).ShouldBe((PendingActivityState.Paused, true, "why", "operator"));
        await UnpauseAsync(server);
        (await server.PollActivityAsync()).ShouldNotBeNull().Attempt.ShouldBe(1);
        (await PendingAsync(server)).PauseInfo.ShouldBeNull();
    }

    [Fact]
    public void Pause_OutlivesARestart()
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!, WorkerCommands.Activity("a"));
        run.Do(static (execution, now) => execution.PauseActivities(new("a", "", false), "", "", "", now));
        run.Crash();
        run.StartActivity().ShouldBeNull();
        run.Run.HasReadyWork.ShouldBeFalse();
        run.Do(static (execution, now) => execution.UnpauseActivities(new("a", "", false), false, false, TimeSpan.Zero, now));
        run.StartActivity().ShouldNotBeNull();
    }

    [Fact]
    public void Pause_OfTheLastAttemptThatIsAllowed_KeepsTheActivity_WhenThatFails()
    {
        var run = new RunDriver();
        var command = WorkerCommands.Activity("a");
        command.ScheduleActivityTaskCommandAttributes.RetryPolicy = new() { MaximumAttempts = 1 };
        run.Complete(run.Poll()!, command);
        var token = run.StartActivity()!.Token;
        run.Do(static (execution, now) => execution.PauseActivities(new("a", "", false), "", "", "", now));

        run.Do((execution, now) => execution.FailActivity(token, WorkerCommands.ApplicationFailure("paused"), null, "worker", now));

        run.StartActivity().ShouldBeNull();
        run.Do(static (execution, now) => execution.UnpauseActivities(new("a", "", false), false, false, TimeSpan.Zero, now));
        run.StartActivity().ShouldNotBeNull();
    }

    [Fact]
    public async Task Pause_OfARunningOne_IsToldByTheHeartbeat_AndItsRetryWaits()
    {
        await using var server = await StartAsync(retry: true);
        var task = (await server.PollActivityAsync())!;
        await PauseAsync(server);
        (await PendingAsync(server)).State.ShouldBe(PendingActivityState.PauseRequested);
        (await HeartbeatAsync(server, task)).ShouldBe(new RecordActivityTaskHeartbeatResponse { ActivityPaused = true });
        await FailAsync(server, task);
        (await server.PollActivityAsync(Moment)).ShouldBeNull();
        (await PendingAsync(server)).State.ShouldBe(PendingActivityState.Paused);
        await UnpauseAsync(server, static request => request.ResetAttempts = request.ResetHeartbeat = true);
        var next = (await server.PollActivityAsync())!;
        next.Attempt.ShouldBe(1);
        next.HeartbeatDetails.ShouldBeNull();
        await server.CompleteActivityAsync(next);
        (await server.HistoryAsync("w")).ShouldContain(static e => e.EventType == EventType.ActivityTaskCompleted);
    }

    [Fact]
    public async Task Pause_Twice_IsOneForTheSameRequest_AndRefusedForAnother()
    {
        await using var server = await StartAsync();
        await PauseAsync(server, static request => request.RequestId = "one");
        await PauseAsync(server, static request => request.RequestId = "one");
        var fault = await Should.ThrowAsync<RpcFaultException>(() => PauseAsync(server, static request => request.RequestId = "other"));
        (fault.Code, fault.Message).ShouldBe((RpcStatusCode.FailedPrecondition, "activity is already paused"));
    }

    [Fact]
    public async Task Reset_OfOneInItsBackoff_BeginsAgainAtOnce_WithTheFirstAttempt()
    {
        await using var server = await StartAsync();
        var first = (await server.PollActivityAsync())!;
        await HeartbeatAsync(server, first);
        await FailAsync(server, first);
        (await PendingAsync(server)).Attempt.ShouldBe(2);
        await ResetAsync(server, static request => request.ResetHeartbeat = true);
        var again = (await server.PollActivityAsync())!;
        again.Attempt.ShouldBe(1);
        again.HeartbeatDetails.ShouldBeNull();
        (await HeartbeatAsync(server, again)).ActivityReset.ShouldBeFalse("this attempt began after the reset");
        (await PendingAsync(server)).LastFailure.ShouldBeNull();
        // The old attempt had the same number: nobody holds it any more.
        await server.CompleteActivityAsync(again);
    }

    [Fact]
    public async Task Reset_OfARunningOne_IsToldByTheHeartbeat_AndItsNextAttemptIsTheSecond()
    {
        await using var server = await StartAsync(retry: true);
        var task = (await server.PollActivityAsync())!;
        await ResetAsync(server);
        (await HeartbeatAsync(server, task)).ActivityReset.ShouldBeTrue();
        await FailAsync(server, task);
        var next = (await server.PollActivityAsync())!;
        next.Attempt.ShouldBe(2);
        (await HeartbeatAsync(server, next)).ActivityReset.ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reset_OfAPausedOne_LetsItGo_UnlessItIsToStayPaused(bool keep)
    {
        await using var server = await StartAsync();
        await PauseAsync(server);
        await ResetAsync(server, request => request.KeepPaused = keep);
        ((await server.PollActivityAsync(keep ? Moment : null)) is null).ShouldBe(keep);
    }

    [Fact]
    public async Task Options_AreChangedByMask_GoOutWithTheNextAttempt_AndCanBeRestored()
    {
        await using var server = await StartAsync();
        var changed = (await UpdateAsync(server, static request =>
        {
            request.UpdateMask = FieldMask.FromString("task_queue.name,start_to_close_timeout,retry_policy.maximum_attempts");
            request.ActivityOptions = new()
            {
                TaskQueue = new() { Name = "another" }, StartToCloseTimeout = RunDriver.Seconds(77), RetryPolicy = new() { MaximumAttempts = 3 }, HeartbeatTimeout = RunDriver.Seconds(5),
            };
        })).ActivityOptions;
        (changed.TaskQueue.Name, changed.StartToCloseTimeout, changed.RetryPolicy.MaximumAttempts, changed.HeartbeatTimeout.ToTimeSpan())
            .ShouldBe(("another", RunDriver.Seconds(77), 3, TimeSpan.Zero));
        changed.RetryPolicy.InitialInterval.ShouldBe(RunDriver.Seconds(3600));
        (await server.PollActivityAsync(Moment)).ShouldBeNull();
        var task = await server.CallAsync(
            WorkflowServiceMethods.PollActivityTaskQueue, new PollActivityTaskQueueRequest { Namespace = TestServer.Namespace, TaskQueue = new() { Name = "another" } });
        (task.StartToCloseTimeout, task.RetryPolicy.MaximumAttempts).ShouldBe((RunDriver.Seconds(77), 3));

        var restored = (await UpdateAsync(server, static request => request.RestoreOriginal = true)).ActivityOptions;
        (restored.TaskQueue.Name, restored.StartToCloseTimeout, restored.RetryPolicy.MaximumAttempts).ShouldBe((TestServer.Queue, RunDriver.Seconds(10), 0));
    }

    // What is wrong with the call; the code; the words.
    public static TheoryData<string, Func<TestServer, Task>, RpcStatusCode, string> Refused => new()
    {
        {
            "no such id", static server => PauseAsync(server, static request => request.Id = "nope"),
            RpcStatusCode.NotFound, "Can't find pending activity with such ID. Invalid activityID or activity already completed"
        },
        { "no selector", static server => PauseAsync(server, static request => request.ClearActivity()), RpcStatusCode.InvalidArgument, "Either Activity.Id or Activity.Type should be set on request." },
        { "no mask", static server => UpdateAsync(server, static request => request.ActivityOptions = new()), RpcStatusCode.InvalidArgument, "UpdateMask is not provided" },
        { "no options", static server => UpdateAsync(server, static request => request.UpdateMask = new()), RpcStatusCode.InvalidArgument, "ActivityOptions are not provided" },
        {
            "mask and restore", static server => UpdateAsync(server, static request => (request.RestoreOriginal, request.UpdateMask) = (true, FieldMask.FromString("heartbeat_timeout"))),
            RpcStatusCode.InvalidArgument, "Both UpdateMask and RestoreOriginal are provided"
        },
        {
            "negative", static server => UpdateAsync(server, static request =>
                (request.ActivityOptions, request.UpdateMask) = (new() { StartToCloseTimeout = RunDriver.Seconds(-1) }, FieldMask.FromString("start_to_close_timeout"))),
            RpcStatusCode.InvalidArgument, "invalid StartToCloseTimeout: negative duration"
        },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Call_Wrong_IsRefused_AndChangesNothing(string what, Func<TestServer, Task> call, RpcStatusCode code, string message)
    {
        what.ShouldNotBeEmpty();
        await using var server = await StartAsync();
        var before = await PendingAsync(server);
        var fault = await Should.ThrowAsync<RpcFaultException>(() => call(server));
        (fault.Code, fault.Message).ShouldBe((code, message));
        (await PendingAsync(server)).ShouldBe(before);
    }

    [Fact]
    public async Task ByTypeAndAll_MeansEachOfThem()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Activity("a"), WorkerCommands.Activity("b"), WorkerCommands.Activity("c", static attributes => attributes.ActivityType = new() { Name = "another" }));
        await PauseAsync(server, static request => request.Type = "activity");
        (await server.DescribeAsync("w")).PendingActivities.Select(static pending => pending.Paused).ShouldBe([true, true, false]);
        await UnpauseAsync(server, static request => request.UnpauseAll = true);
        (await server.DescribeAsync("w")).PendingActivities.ShouldAllBe(static pending => !pending.Paused);
    }

    private static async Task<TestServer> StartAsync(bool retry = false)
    {
        var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Activity("a", attributes => attributes.RetryPolicy = new() { InitialInterval = RunDriver.Seconds(retry ? 0.001 : 3600) }));
        return server;
    }

    private static async Task<PendingActivityInfo> PendingAsync(TestServer server) => (await server.DescribeAsync("w")).PendingActivities.ShouldHaveSingleItem();

    private static Task PauseAsync(TestServer server, Action<PauseActivityRequest>? configure = null)
    {
        var request = new PauseActivityRequest { Namespace = TestServer.Namespace, Execution = new() { WorkflowId = "w" }, Id = "a", Identity = "operator", Reason = "why" };
        configure?.Invoke(request);
        return server.CallAsync(WorkflowServiceMethods.PauseActivity, request);
    }

    private static Task UnpauseAsync(TestServer server, Action<UnpauseActivityRequest>? configure = null)
    {
        var request = new UnpauseActivityRequest { Namespace = TestServer.Namespace, Execution = new() { WorkflowId = "w" }, Id = "a" };
        configure?.Invoke(request);
        return server.CallAsync(WorkflowServiceMethods.UnpauseActivity, request);
    }

    private static Task ResetAsync(TestServer server, Action<ResetActivityRequest>? configure = null)
    {
        var request = new ResetActivityRequest { Namespace = TestServer.Namespace, Execution = new() { WorkflowId = "w" }, Id = "a" };
        configure?.Invoke(request);
        return server.CallAsync(WorkflowServiceMethods.ResetActivity, request);
    }

    private static Task<UpdateActivityOptionsResponse> UpdateAsync(TestServer server, Action<UpdateActivityOptionsRequest> configure)
    {
        var request = new UpdateActivityOptionsRequest { Namespace = TestServer.Namespace, Execution = new() { WorkflowId = "w" }, Id = "a" };
        configure(request);
        return server.CallAsync(WorkflowServiceMethods.UpdateActivityOptions, request);
    }

    private static Task<RecordActivityTaskHeartbeatResponse> HeartbeatAsync(TestServer server, PollActivityTaskQueueResponse task) => server.CallAsync(
        WorkflowServiceMethods.RecordActivityTaskHeartbeat,
        new RecordActivityTaskHeartbeatRequest { Namespace = TestServer.Namespace, TaskToken = task.TaskToken, Details = new() { Payloads_ = { new Temporalio.Api.Common.V1.Payload() } } });

    private static Task FailAsync(TestServer server, PollActivityTaskQueueResponse task) => server.CallAsync(
        WorkflowServiceMethods.RespondActivityTaskFailed,
        new RespondActivityTaskFailedRequest { Namespace = TestServer.Namespace, TaskToken = task.TaskToken, Failure = WorkerCommands.ApplicationFailure("Broken") });
}
