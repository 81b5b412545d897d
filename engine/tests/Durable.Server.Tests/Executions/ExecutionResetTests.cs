using Durable.Protocol;
using Durable.Server.Executions;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;

namespace Durable.Server.Tests.Executions;

public class ExecutionResetTests
{
    private static RunDriver WithSignals()
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!, WorkerCommands.Activity("a"));
        run.Signal("s", "1");
        run.Signal("s", "2");
        return run;
    }

    /// <summary>An update was accepted after the point of the reset, so the new run has it from an event.</summary>
    private static RunDriver WithUpdateInTheHistory()
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!);
        run.Admit("u");
        var task = run.Poll()!;
        run.Complete(task, request => request.Accept(task.Messages[0]));
        run.Reset(4);
        return run;
    }

    /// <summary>What a worker makes of UPDATE_ADMITTED: the message that it did not get.</summary>
    private static Message FromEvent(WorkflowTaskStart task) => new()
    {
        Id = "u/request", ProtocolInstanceId = "u", EventId = task.StartedEventId - 1, Body = Any.Pack(RunDriver.Update("u")),
    };

    [Fact]
    public void Reset_ToTheFirstTask_AppliesLaterSignalsAgain()
    {
        var run = WithSignals();
        var old = run.Run.RunId;
        run.Reset(4);
        run.Shape.ShouldBe(
            "WorkflowExecutionStarted WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskFailed WorkflowExecutionSignaled WorkflowExecutionSignaled WorkflowTaskScheduled");
        var failed = run.History[3].WorkflowTaskFailedEventAttributes;
        failed.Cause.ShouldBe(WorkflowTaskFailedCause.ResetWorkflow);
        failed.NewRunId.ShouldBe(run.Run.RunId);
        failed.BaseRunId.ShouldBe(old);
        run.Run.IsRunning.ShouldBeTrue();
    }

    [Fact]
    public void Reset_WithoutReapplying_LeavesSignalsOut()
    {
        var run = WithSignals();
        run.Reset(4, static reset => reset with { ReapplyType = ResetReapplyType.None });
        run.History.ShouldNotContain(static e => e.EventType == EventType.WorkflowExecutionSignaled);
    }

    [Fact]
    public void Reset_ToALaterTask_QueuesPendingActivitiesAgain()
    {
        var run = WithSignals();
        run.Complete(run.Poll()!);
        run.Reset(10);
        run.Run.Describe().PendingActivities.ShouldHaveSingleItem().ActivityId.ShouldBe("a");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(5)]
    public void Reset_ToNoEndOfATask_IsInvalid(long finish) =>
        Should.Throw<RpcFaultException>(() => WithSignals().Reset(finish)).Code.ShouldBe(RpcStatusCode.InvalidArgument);

    [Fact]
    public void Reset_CancelRequestedLater_IsNotAskedAgain()
    {
        var run = WithSignals();
        run.Do(static (execution, now) => execution.RequestCancel("why", "client", "cancel", now));
        run.Reset(4);
        run.History.ShouldNotContain(static e => e.EventType == EventType.WorkflowExecutionCancelRequested);
        run.Run.Describe().WorkflowExtendedInfo.CancelRequested.ShouldBeFalse();
    }

    [Fact]
    public void Reset_RunsThatContinuedIt_GiveTheirSignalsToo()
    {
        var run = WithSignals();
        var other = WithSignals();
        run.Reset(4, reset => reset with { Following = [.. other.History] });
        run.History.Count(static e => e.EventType == EventType.WorkflowExecutionSignaled).ShouldBe(4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void UpdateInTheHistory_IsInNoMessage_AndItsCallersFindIt(bool crash)
    {
        var run = WithUpdateInTheHistory();
        if (crash)
        {
            run.Crash();
        }
        run.Shape.ShouldBe(
            "WorkflowExecutionStarted WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskFailed WorkflowExecutionUpdateAdmitted WorkflowTaskScheduled");
        run.Run.FindUpdate("u")!.Stage.ShouldBe(UpdateWorkflowExecutionLifecycleStage.Admitted);

        // Its caller comes again: that is the same update.
        run.Admit("u");
        var task = run.Poll()!;
        task.Messages.ShouldBeEmpty();
        run.Complete(task, request =>
        {
            request.Accept(FromEvent(task));
            request.Answer("u");
        });

        var accepted = run.History.Single(static e => e.EventType == EventType.WorkflowExecutionUpdateAccepted).WorkflowExecutionUpdateAcceptedEventAttributes;
        accepted.AcceptedRequest.ShouldBeNull();
        accepted.ProtocolInstanceId.ShouldBe("u");
        run.Run.FindUpdate("u")!.Stage.ShouldBe(UpdateWorkflowExecutionLifecycleStage.Completed);
    }

    [Fact]
    public void UpdateInTheHistory_Rejected_IsForgotten()
    {
        var run = WithUpdateInTheHistory();
        var task = run.Poll()!;
        run.Complete(task, request => request.Reject(FromEvent(task)));
        run.Effects.OfType<UpdateRejected>().ShouldHaveSingleItem().UpdateId.ShouldBe("u");
        run.Run.FindUpdate("u").ShouldBeNull();
        run.Crash();
        run.Run.FindUpdate("u").ShouldBeNull();
    }

    [Fact]
    public void UpdateInTheHistory_TaskFailsOrItsAnswerIsRefused_StillWaits()
    {
        var run = WithUpdateInTheHistory();
        run.Fail(run.Poll()!);
        run.Complete(run.Poll()!, WorkerCommands.Timer("", 1)).Fault.ShouldNotBeNull();
        run.Run.FindUpdate("u")!.Stage.ShouldBe(UpdateWorkflowExecutionLifecycleStage.Admitted);
        run.Effects.OfType<UpdateAborted>().ShouldBeEmpty();
    }

    [Fact]
    public void UpdateInTheHistory_RunEnds_ItsCallersAreToldOnce()
    {
        var run = WithUpdateInTheHistory();
        run.Do(static (execution, now) => execution.Terminate("", null, "client", now));
        run.Effects.OfType<UpdateAborted>().ShouldHaveSingleItem().UpdateId.ShouldBe("u");
        run.Run.FindUpdate("u").ShouldBeNull();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void UpdateInTheHistory_ResetAgain_IsThereOnce(long finish)
    {
        var run = WithUpdateInTheHistory();
        var task = run.Poll()!;
        run.Complete(task, request => request.Accept(FromEvent(task)));
        run.Reset(finish);
        run.History.Count(static e => e.EventType == EventType.WorkflowExecutionUpdateAdmitted).ShouldBe(1);
        run.Run.FindUpdate("u")!.Stage.ShouldBe(UpdateWorkflowExecutionLifecycleStage.Admitted);
    }

    [Fact]
    public void Child_AskedForBefore_ItsStartAndEndLater_AreTheNewRunsToo()
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!, WorkerCommands.Child("child"), WorkerCommands.Timer("t", 1));
        run.Advance(1);
        run.Complete(run.Poll()!);
        run.Do(static (execution, now) => execution.ChildStarted(5, "child-run", null, now));
        run.Do(static (execution, now) => execution.ChildClosed(
            5, "child-run", new HistoryEvent { EventType = EventType.WorkflowExecutionCompleted, WorkflowExecutionCompletedEventAttributes = new() }, now));
        // Timer fired, task scheduled, started: begin again with that task.
        run.Reset(10);
        var started = run.History.Single(static e => e.EventType == EventType.ChildWorkflowExecutionStarted);
        var completed = run.History.Single(static e => e.EventType == EventType.ChildWorkflowExecutionCompleted);
        completed.ChildWorkflowExecutionCompletedEventAttributes.StartedEventId.ShouldBe(started.EventId);
        run.Run.Describe().PendingChildren.ShouldBeEmpty();
        run.Run.Outbox.ShouldBeEmpty();
    }
}
