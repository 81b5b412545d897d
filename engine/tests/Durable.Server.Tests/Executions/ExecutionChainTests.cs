using Durable.Server.Executions;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Tests.Executions;

public class ExecutionChainTests
{
    private static readonly RetryPolicy TwoAttempts = Retries.Complete(new RetryPolicy { MaximumAttempts = 2 });

    [Fact]
    public void Fail_WithRetriesLeft_IsFollowedByTheNextAttempt()
    {
        var run = new RunDriver(configure: static attributes => attributes.RetryPolicy = TwoAttempts);
        run.Complete(run.Poll()!, WorkerCommands.Fail());
        var next = run.Effects.OfType<NextRun>().ShouldHaveSingleItem().Start;
        var failed = run.History[^1].WorkflowExecutionFailedEventAttributes;
        failed.RetryState.ShouldBe(RetryState.InProgress);
        failed.NewExecutionRunId.ShouldBe(next.RunId);
        next.Attributes.Attempt.ShouldBe(2);
        next.Attributes.Initiator.ShouldBe(ContinueAsNewInitiator.Retry);
        next.Attributes.FirstExecutionRunId.ShouldBe(run.Run.RunId);
        next.Attributes.ContinuedFailure.Message.ShouldBe("Broken");
    }

    [Fact]
    public void RunTimeout_WithoutRetryPolicy_SaysSo()
    {
        var run = new RunDriver(configure: static attributes => attributes.WorkflowRunTimeout = RunDriver.Seconds(5));
        run.Advance(5);
        run.Run.Status.ShouldBe(WorkflowExecutionStatus.TimedOut);
        run.History[^1].WorkflowExecutionTimedOutEventAttributes.RetryState.ShouldBe(RetryState.RetryPolicyNotSet);
    }

    [Fact]
    public void ContinueAsNew_Always_KeepsTheChainAndNotTheMemo()
    {
        var run = new RunDriver(configure: static attributes => attributes.Memo = new Memo { Fields = { ["keep"] = new Payload() } });
        run.Complete(run.Poll()!, WorkerCommands.ContinueAsNew());
        var next = run.Effects.OfType<NextRun>().ShouldHaveSingleItem().Start.Attributes;
        next.ContinuedExecutionRunId.ShouldBe(run.Run.RunId);
        next.FirstExecutionRunId.ShouldBe(run.Run.RunId);
        next.Memo.ShouldBeNull();
        run.Run.Status.ShouldBe(WorkflowExecutionStatus.ContinuedAsNew);
    }

    [Theory]
    [InlineData(ParentClosePolicy.Terminate, true)]
    [InlineData(ParentClosePolicy.RequestCancel, true)]
    [InlineData(ParentClosePolicy.Abandon, false)]
    public void Close_WithAStartedChild_AppliesItsPolicy(ParentClosePolicy policy, bool told)
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!, WorkerCommands.Child("child", policy));
        run.Do(static (execution, now) => execution.ChildStarted(5, "child-run", null, now));
        run.Complete(run.Poll()!, WorkerCommands.Complete());
        run.Run.Outbox.Count(static entry => entry.ActionCase == OutboxEntry.ActionOneofCase.CloseChild).ShouldBe(told ? 1 : 0);
    }

    // The next run inherits no children: whoever was the last run's is dealt with as if it were the end.
    [Theory]
    [InlineData("continue as new")]
    [InlineData("retry")]
    [InlineData("run timeout, then retry")]
    public void Close_WithARunThatFollows_StrikesTheChildrenToo(string how)
    {
        var run = new RunDriver(configure: static attributes => (attributes.RetryPolicy, attributes.WorkflowRunTimeout) = (TwoAttempts, RunDriver.Seconds(60)));
        run.Complete(run.Poll()!, WorkerCommands.Child("child"));
        run.Do(static (execution, now) => execution.ChildStarted(5, "child-run", null, now));
        switch (how)
        {
            case "continue as new":
                run.Complete(run.Poll()!, WorkerCommands.ContinueAsNew());
                break;
            case "retry":
                run.Complete(run.Poll()!, WorkerCommands.Fail());
                break;
            default:
                run.Advance(60);
                break;
        }
        run.Effects.OfType<NextRun>().ShouldHaveSingleItem();
        run.Run.Outbox.Count(static entry => entry.ActionCase == OutboxEntry.ActionOneofCase.CloseChild).ShouldBe(1);
    }

    [Theory]
    [InlineData(ParentClosePolicy.Terminate, OutboxEntry.ActionOneofCase.CloseChild)]
    [InlineData(ParentClosePolicy.Abandon, OutboxEntry.ActionOneofCase.ReleaseChild)]
    public void ChildStart_AnsweredAfterTheClose_ClosesOrReleasesTheChild(ParentClosePolicy policy, OutboxEntry.ActionOneofCase expected)
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!, WorkerCommands.Child("child", policy), WorkerCommands.Complete());
        run.Crash();
        run.Do(static (execution, now) => execution.ChildStarted(5, "child-run", null, now));
        run.Run.Outbox.ShouldContain(entry => entry.ActionCase == expected);
    }

    [Fact]
    public void Close_WithACancelRequestUnderWay_ForgetsIt()
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!, WorkerCommands.CancelExternal("other"), WorkerCommands.SignalExternal("other"), WorkerCommands.Complete());
        run.Run.Outbox.ShouldHaveSingleItem().ActionCase.ShouldBe(OutboxEntry.ActionOneofCase.SignalExternal);
    }

    [Fact]
    public void Child_BeforeItsParentKnows_HasNoTask()
    {
        var run = new RunDriver(hold: true);
        run.Shape.ShouldBe("WorkflowExecutionStarted");
        run.Signal();
        run.Crash();
        run.TaskReady.ShouldBeNull();
    }

    [Fact]
    public void Cancel_DuringAStartDelay_EndsItASignalDoesNot()
    {
        var run = new RunDriver(configure: static attributes => attributes.FirstWorkflowTaskBackoff = RunDriver.Seconds(60));
        run.Signal();
        run.TaskReady.ShouldBeNull();
        run.Do(static (execution, now) => execution.RequestCancel("", "client", "", now));
        run.Shape.ShouldBe("WorkflowExecutionStarted WorkflowExecutionSignaled WorkflowExecutionCancelRequested WorkflowTaskScheduled");
    }

    [Fact]
    public void Signal_SameRequestId_LeavesOneEventAlsoAfterTheClose()
    {
        var run = new RunDriver();
        run.Signal("s", "id");
        run.Signal("s", "id");
        run.Complete(run.Poll()!, WorkerCommands.Complete());
        run.Signal("s", "id");
        run.History.Count(static e => e.EventType == EventType.WorkflowExecutionSignaled).ShouldBe(1);
    }

    [Fact]
    public void Signals_Thousands_DoNotGrowTheStateForEver()
    {
        var run = new RunDriver();
        for (var index = 0; index < 1_100; index++)
        {
            run.Run.Signal("s", null, null, "client", $"request-{index}", run.Now);
        }
        run.Take();
        RunState.Parser.ParseFrom(run.Run.ToState()).RequestIds.Count.ShouldBeLessThanOrEqualTo(1_001);
    }

    [Fact]
    public void State_OfAPayment_IsSmall()
    {
        var run = new RunDriver();
        run.Admit("Create:0123456789abcdef0123456789abcdef:0123456789abcdef");
        var task = run.Poll()!;
        run.Complete(task, request =>
        {
            request.Accept(task.Messages[0]);
            request.Commands.Add(WorkerCommands.Activity("charge"));
        });
        run.Run.ToState().Length.ShouldBeLessThan(2_048);
    }
}
