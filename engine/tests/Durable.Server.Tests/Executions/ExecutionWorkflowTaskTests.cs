using Durable.Protocol;
using Durable.Server.Executions;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Tests.Executions;

public class ExecutionWorkflowTaskTests
{
    [Fact]
    public void Complete_WithCloseCommand_ClosesTheRun()
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!, WorkerCommands.Complete());
        run.Shape.ShouldBe("WorkflowExecutionStarted WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskCompleted WorkflowExecutionCompleted");
        run.Run.Status.ShouldBe(WorkflowExecutionStatus.Completed);
    }

    [Fact]
    public void Signal_WhileTaskRuns_GetsItsIdAfterTheCommands()
    {
        var run = new RunDriver();
        var task = run.Poll()!;
        run.Signal();
        run.History.Count.ShouldBe(3);
        run.Complete(task, WorkerCommands.Timer("1", 5));
        run.Shape.ShouldEndWith("WorkflowTaskStarted WorkflowTaskCompleted TimerStarted WorkflowExecutionSignaled WorkflowTaskScheduled");
    }

    [Fact]
    public void Signal_WhileTaskIsScheduled_RidesAlong()
    {
        var run = new RunDriver();
        run.Signal();
        run.Poll();
        run.Shape.ShouldBe("WorkflowExecutionStarted WorkflowTaskScheduled WorkflowExecutionSignaled WorkflowTaskStarted");
    }

    [Fact]
    public void Complete_OverBufferedSignal_IsUnhandledCommandAndNextAttemptIsOne()
    {
        var run = new RunDriver();
        var task = run.Poll()!;
        run.Signal();
        var completion = run.Complete(task, WorkerCommands.Timer("1", 5), WorkerCommands.Complete());
        completion.Fault.ShouldNotBeNull().Message.ShouldBe("UnhandledCommand");
        run.Shape.ShouldEndWith("WorkflowTaskStarted WorkflowTaskFailed WorkflowExecutionSignaled WorkflowTaskScheduled");
        run.History[^1].WorkflowTaskScheduledEventAttributes.Attempt.ShouldBe(1);
        run.Complete(run.Poll()!, WorkerCommands.Timer("1", 5)).Fault.ShouldBeNull();
    }

    [Fact]
    public void Complete_RefusedForABufferedSignal_LetsTheNextTaskRunWithoutNewOnes()
    {
        var run = new RunDriver();
        var task = run.Poll()!;
        run.Signal();
        run.Complete(task, WorkerCommands.Complete());
        run.Signal("before it starts");
        task = run.Poll()!;
        foreach (var arrives in new Action[] { () => run.Signal("too late"), () => run.Admit("too late") })
        {
            var fault = Should.Throw<RpcFaultException>(arrives);
            (fault.Code, fault.Message).ShouldBe((RpcStatusCode.ResourceExhausted, "workflow operation can not be applied because workflow is closing"));
        }
        run.Complete(task);
        run.Signal("it did not close");
        run.Poll();
        run.Signal("nor does it try to");
    }

    [Fact]
    public void Complete_WithBadCommand_KeepsNothingAndNextAttemptIsVirtual()
    {
        var run = new RunDriver();
        var completion = run.Complete(run.Poll()!, WorkerCommands.Timer("1", 5), WorkerCommands.Activity("a", static a => a.StartToCloseTimeout = null));
        completion.Fault.ShouldNotBeNull().Message.ShouldBe(
            "BadScheduleActivityAttributes: a valid StartToCloseTimeout or ScheduleToCloseTimeout must be set on the activity. ActivityId=a ActivityType=activity");
        run.Shape.ShouldEndWith("WorkflowTaskStarted WorkflowTaskFailed");
        var second = run.Poll()!;
        second.Attempt.ShouldBe(2);
        second.VirtualEvents.Select(static e => e.EventId).ShouldBe([5, 6]);
        run.Complete(second, WorkerCommands.Timer("1", 5));
        run.Shape.ShouldEndWith("WorkflowTaskFailed WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskCompleted TimerStarted");
        run.History[4].WorkflowTaskScheduledEventAttributes.Attempt.ShouldBe(2);
    }

    [Fact]
    public void Fail_OnStickyQueue_HasOneFreeTryOnTheNormalQueue()
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!);
        run.Signal();
        run.TaskReady.ShouldNotBeNull().Sticky.ShouldBeTrue();
        run.Fail(run.Poll()!);
        run.TaskReady.ShouldNotBeNull().Sticky.ShouldBeFalse();
        run.History[^1].WorkflowTaskScheduledEventAttributes.Attempt.ShouldBe(1);
        run.Fail(run.Poll()!);
        run.Poll()!.Attempt.ShouldBe(2);
    }

    [Fact]
    public void StickyTask_NobodyTakes_TimesOutToTheNormalQueue()
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!);
        run.Signal();
        run.Advance(10);
        run.Shape.ShouldEndWith("WorkflowExecutionSignaled WorkflowTaskScheduled WorkflowTaskTimedOut WorkflowTaskScheduled");
        run.History[^2].WorkflowTaskTimedOutEventAttributes.TimeoutType.ShouldBe(TimeoutType.ScheduleToStart);
        run.Poll()!.FromEventId.ShouldBe(1);
    }

    [Fact]
    public void TransientTask_EventInBetween_BecomesAFirstAttempt()
    {
        var run = new RunDriver();
        run.Fail(run.Poll()!);
        run.Signal();
        run.Shape.ShouldEndWith("WorkflowTaskFailed WorkflowExecutionSignaled WorkflowTaskScheduled");
        run.Poll()!.Attempt.ShouldBe(1);
    }

    [Fact]
    public void Complete_WithAnEarlierToken_IsNotFound()
    {
        var run = new RunDriver();
        var task = run.Poll()!;
        run.Advance(10);
        Should.Throw<RpcFaultException>(() => run.Complete(task)).Message.ShouldBe("Workflow task not found.");
    }

    [Fact]
    public void Complete_CloseCommandNotLast_ChangesNothing()
    {
        var run = new RunDriver();
        var task = run.Poll()!;
        Should.Throw<RpcFaultException>(() => run.Complete(task, WorkerCommands.Complete(), WorkerCommands.Timer("1", 1)))
            .Message.ShouldBe("invalid command sequence: [CompleteWorkflowExecution, StartTimer], command CompleteWorkflowExecution must be the last command.");
        run.Complete(task, WorkerCommands.Complete()).Fault.ShouldBeNull();
    }

    [Fact]
    public void Complete_HeartbeatsForOverHalfAnHour_TimesOut()
    {
        var run = new RunDriver();
        var task = run.Poll()!;
        for (var beat = 0; beat < 400; beat++)
        {
            run.Advance(5);
            var completion = run.Complete(task, request =>
            {
                request.ForceCreateNewWorkflowTask = true;
                request.ReturnNewWorkflowTask = true;
            });
            if (completion.Fault is { } fault)
            {
                fault.Message.ShouldBe("workflow task heartbeat timeout");
                beat.ShouldBeGreaterThan(300);
                return;
            }
            task = completion.Next!;
        }
        Assert.Fail("a task may heartbeat for ever");
    }

    [Fact]
    public void Terminate_WhileTaskRuns_SaysThatItsWorkWasNotUsed()
    {
        var run = new RunDriver();
        run.Poll();
        run.Signal();
        run.Do(static (execution, now) => execution.Terminate("", null, "client", now));
        run.Shape.ShouldEndWith("WorkflowTaskStarted WorkflowTaskFailed WorkflowExecutionSignaled WorkflowExecutionTerminated");
        run.History[3].WorkflowTaskFailedEventAttributes.Cause.ShouldBe(WorkflowTaskFailedCause.ForceCloseCommand);
    }

    [Fact]
    public void History_OverTheLimit_TerminatesTheRun()
    {
        var run = new RunDriver(new ExecutionLimits { HistoryEventsError = 20 });
        for (var round = 0; round < 10 && run.Run.IsRunning; round++)
        {
            run.Signal();
            if (run.Poll() is { } task)
            {
                run.Complete(task);
            }
        }
        run.Run.Status.ShouldBe(WorkflowExecutionStatus.Terminated);
        run.History[^1].WorkflowExecutionTerminatedEventAttributes.Reason.ShouldBe("Workflow history count exceeds limit.");
    }
}
