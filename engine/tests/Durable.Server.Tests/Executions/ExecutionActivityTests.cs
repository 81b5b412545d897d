using Durable.Protocol;
using Durable.Server.Executions;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Tests.Executions;

public class ExecutionActivityTests
{
    private static RunDriver Scheduled(Action<Temporalio.Api.Command.V1.ScheduleActivityTaskCommandAttributes>? configure = null)
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!, WorkerCommands.Activity("a", configure));
        return run;
    }

    [Fact]
    public void Activity_FailsTwiceThenSucceeds_LeavesOneStartedWithTheLastAttempt()
    {
        var run = Scheduled();
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var failing = run.StartActivity()!;
            failing.Activity.Attempt.ShouldBe(attempt);
            run.Do((execution, now) => execution.FailActivity(failing.Token, WorkerCommands.ApplicationFailure("Again"), null, "worker", now));
            run.ActivitiesReady.ShouldBeEmpty();
            run.AdvanceToNextTimer();
        }
        var last = run.StartActivity()!;
        run.Do((execution, now) => execution.CompleteActivity(last.Token, null, "worker", now));
        run.Shape.ShouldEndWith("ActivityTaskScheduled ActivityTaskStarted ActivityTaskCompleted WorkflowTaskScheduled");
        run.History[5].ActivityTaskStartedEventAttributes.Attempt.ShouldBe(3);
        run.History[5].ActivityTaskStartedEventAttributes.LastFailure.Message.ShouldBe("Again");
    }

    [Theory]
    [InlineData("start-to-close", TimeoutType.StartToClose, RetryState.MaximumAttemptsReached, true)]
    [InlineData("heartbeat", TimeoutType.Heartbeat, RetryState.MaximumAttemptsReached, true)]
    [InlineData("schedule-to-start", TimeoutType.ScheduleToStart, RetryState.Timeout, false)]
    public void Activity_TimesOut_WithItsTypeAndRetryState(string which, TimeoutType type, RetryState state, bool started)
    {
        var run = Scheduled(attributes =>
        {
            attributes.RetryPolicy = new RetryPolicy { MaximumAttempts = 1 };
            attributes.StartToCloseTimeout = RunDriver.Seconds(which == "start-to-close" ? 1 : 100);
            attributes.HeartbeatTimeout = which == "heartbeat" ? RunDriver.Seconds(1) : null;
            attributes.ScheduleToStartTimeout = which == "schedule-to-start" ? RunDriver.Seconds(1) : null;
        });
        if (started)
        {
            run.StartActivity();
        }
        run.Advance(1);
        var attributes = run.History[^2].ActivityTaskTimedOutEventAttributes;
        attributes.Failure.TimeoutFailureInfo.TimeoutType.ShouldBe(type);
        attributes.RetryState.ShouldBe(state);
        attributes.StartedEventId.ShouldBe(started ? 6 : 0);
    }

    [Fact]
    public void Activity_ScheduleToCloseDuringBackoff_HasNoStartedAndTheLastFailureAsCause()
    {
        var run = Scheduled(static attributes =>
        {
            attributes.ScheduleToCloseTimeout = RunDriver.Seconds(1.5);
            attributes.RetryPolicy = new RetryPolicy { InitialInterval = RunDriver.Seconds(1.2), BackoffCoefficient = 1 };
        });
        var failing = run.StartActivity()!;
        run.Do((execution, now) => execution.FailActivity(failing.Token, WorkerCommands.ApplicationFailure("again"), null, "worker", now));
        run.Advance(1.2);
        run.Advance(0.3);
        run.Shape.ShouldEndWith("ActivityTaskScheduled ActivityTaskTimedOut WorkflowTaskScheduled");
        var attributes = run.History[^2].ActivityTaskTimedOutEventAttributes;
        attributes.Failure.Message.ShouldBe("Not enough time to schedule next retry before activity ScheduleToClose timeout, giving up retrying");
        attributes.Failure.Cause.Message.ShouldBe("again");
        attributes.RetryState.ShouldBe(RetryState.Timeout);
    }

    [Fact]
    public void Cancel_OfAnActivityNobodyTook_EndsItInTheSameTransaction()
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!, WorkerCommands.Activity("a"));
        run.Signal();
        run.Complete(run.Poll()!, WorkerCommands.CancelActivity(5));
        run.Shape.ShouldEndWith("WorkflowTaskCompleted ActivityTaskCancelRequested ActivityTaskCanceled WorkflowTaskScheduled");
    }

    [Fact]
    public void Cancel_OfAnActivityNobodyTook_ComesAfterTheEventsOfAllCommands()
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!, WorkerCommands.Activity("a"), WorkerCommands.CancelActivity(5), WorkerCommands.Activity("b"), WorkerCommands.Timer("t", 1));
        run.Shape.ShouldEndWith(
            "WorkflowTaskCompleted ActivityTaskScheduled ActivityTaskCancelRequested ActivityTaskScheduled TimerStarted ActivityTaskCanceled WorkflowTaskScheduled");
        run.History[^2].ActivityTaskCanceledEventAttributes.LatestCancelRequestedEventId.ShouldBe(6);
    }

    [Fact]
    public void Cancel_OfAnActivityNobodyTookWithTheClose_IsRequestedAndNoMore()
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!, WorkerCommands.Activity("a"), WorkerCommands.CancelActivity(5), WorkerCommands.Complete());
        run.Shape.ShouldEndWith("ActivityTaskScheduled ActivityTaskCancelRequested WorkflowExecutionCompleted");
    }

    [Fact]
    public void Cancel_OfARunningActivity_IsToldByTheHeartbeat()
    {
        var run = Scheduled();
        var activity = run.StartActivity()!;
        run.Signal();
        run.Complete(run.Poll()!, WorkerCommands.CancelActivity(5));
        run.Run.HeartbeatActivity(activity.Token, null, run.Now).CancelRequested.ShouldBeTrue();
        run.Do((execution, now) => execution.CancelActivity(activity.Token, null, "worker", now));
        run.Shape.ShouldEndWith("ActivityTaskCancelRequested ActivityTaskStarted ActivityTaskCanceled WorkflowTaskScheduled");
    }

    [Fact]
    public void Cancel_NotRequested_IsRefused()
    {
        var run = Scheduled();
        var activity = run.StartActivity()!;
        Should.Throw<RpcFaultException>(() => run.Run.CancelActivity(activity.Token, null, "worker", run.Now)).Code.ShouldBe(RpcStatusCode.InvalidArgument);
    }

    [Fact]
    public void Completion_WithTheTokenOfAnEarlierAttempt_IsNotFound()
    {
        var run = Scheduled();
        var first = run.StartActivity()!;
        run.Do((execution, now) => execution.FailActivity(first.Token, WorkerCommands.ApplicationFailure("x"), null, "worker", now));
        run.AdvanceToNextTimer();
        run.StartActivity();
        Should.Throw<RpcFaultException>(() => run.Run.CompleteActivity(first.Token, null, "worker", run.Now)).Code.ShouldBe(RpcStatusCode.NotFound);
    }

    [Fact]
    public void Completion_WhileATaskRuns_GetsTheIdOfItsStartedAtTheFlush()
    {
        var run = Scheduled();
        var activity = run.StartActivity()!;
        run.Signal();
        var task = run.Poll()!;
        run.Do((execution, now) => execution.CompleteActivity(activity.Token, null, "worker", now));
        run.Signal();
        run.Complete(task);
        run.Shape.ShouldEndWith("WorkflowTaskCompleted ActivityTaskStarted WorkflowExecutionSignaled ActivityTaskCompleted WorkflowTaskScheduled");
        var completed = run.History[^2];
        completed.ActivityTaskCompletedEventAttributes.StartedEventId.ShouldBe(completed.EventId - 2);
    }

    [Fact]
    public void Completion_ById_NeedsNoStart()
    {
        var run = Scheduled();
        run.Do(static (execution, now) => execution.CompleteActivityById("a", null, "client", now));
        run.Shape.ShouldEndWith("ActivityTaskScheduled ActivityTaskStarted ActivityTaskCompleted WorkflowTaskScheduled");
    }

    [Fact]
    public void Activity_AfterACrash_IsReadyAgain()
    {
        var run = Scheduled();
        run.Crash();
        run.StartActivity().ShouldNotBeNull();
        run.Crash();
        run.ActivitiesReady.ShouldBeEmpty();
    }
}
