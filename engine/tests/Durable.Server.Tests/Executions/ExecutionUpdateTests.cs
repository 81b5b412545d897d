using Durable.Protocol;
using Durable.Server.Executions;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Tests.Executions;

public class ExecutionUpdateTests
{
    private const UpdateWorkflowExecutionLifecycleStage Completed = UpdateWorkflowExecutionLifecycleStage.Completed;

    private static RunDriver Idle()
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!);
        return run;
    }

    [Fact]
    public void Update_BeforeTheFirstTask_RidesOnIt()
    {
        var run = new RunDriver();
        run.Admit("u");
        var task = run.Poll()!;
        task.Messages.ShouldHaveSingleItem().EventId.ShouldBe(2);
        task.VirtualEvents.ShouldBeEmpty();
        run.Complete(task, request =>
        {
            request.Accept(task.Messages[0]);
            request.Answer("u");
        });
        run.Shape.ShouldBe(
            "WorkflowExecutionStarted WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskCompleted WorkflowExecutionUpdateAccepted WorkflowExecutionUpdateCompleted");
        run.Run.FindUpdate("u")!.Stage.ShouldBe(Completed);
    }

    [Fact]
    public void Update_SentAgainAfterACrashThatItsTaskSurvived_IsAcceptedFromThatTask()
    {
        var run = new RunDriver();
        run.Admit("u");
        var task = run.Poll()!;
        run.Crash();
        run.Admit("u");

        run.Complete(task, request =>
        {
            request.Accept(task.Messages[0]);
            request.Answer("u");
        });

        run.Run.FindUpdate("u")!.Stage.ShouldBe(Completed);
        run.History.Count(static e => e.EventType == EventType.WorkflowExecutionUpdateAccepted).ShouldBe(1);
    }

    private static RunDriver Delayed() => new(configure: static attributes => attributes.FirstWorkflowTaskBackoff = RunDriver.Seconds(60));

    [Fact]
    public void Update_AcceptedDuringAStartDelay_EndsIt()
    {
        var run = Delayed();
        run.Admit("u");
        var task = run.Poll()!;
        run.Complete(task, request => request.Accept(task.Messages[0]));
        run.Shape.ShouldBe("WorkflowExecutionStarted WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskCompleted WorkflowExecutionUpdateAccepted");
        run.Advance(60);
        run.TaskReady.ShouldBeNull();
    }

    [Fact]
    public void Update_RejectedDuringAStartDelay_LeavesItAsItWas()
    {
        var run = Delayed();
        run.Admit("u");
        var task = run.Poll()!;
        run.Complete(task, request =>
        {
            request.Reject(task.Messages[0]);
            request.Capabilities.DiscardSpeculativeWorkflowTaskWithEvents = false;
        }).ResetHistoryEventId.ShouldBe(0);
        run.Shape.ShouldBe("WorkflowExecutionStarted");
        run.Advance(60);
        run.Shape.ShouldBe("WorkflowExecutionStarted WorkflowTaskScheduled");
        run.Poll()!.PreviousStartedEventId.ShouldBe(0);
    }

    [Fact]
    public void Update_RejectedAfterTheStartDelayWentBy_HadTheFirstTask()
    {
        var run = Delayed();
        run.Advance(58);
        run.Admit("u");
        var task = run.Poll()!;
        run.Advance(2);
        run.Complete(task, request => request.Reject(task.Messages[0]));
        run.Shape.ShouldBe("WorkflowExecutionStarted WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskCompleted");
    }

    [Fact]
    public void Update_RejectedByTheTaskThatClosesTheRun_IsRejected()
    {
        var run = Idle();
        run.Admit("u");
        var task = run.Poll()!;
        run.Complete(task, request =>
        {
            request.Reject(task.Messages[0]);
            request.Commands.Add(WorkerCommands.Complete());
        });
        run.Effects.OfType<UpdateRejected>().ShouldHaveSingleItem().UpdateId.ShouldBe("u");
        run.Effects.OfType<UpdateAborted>().ShouldBeEmpty();
        run.Shape.ShouldEndWith("WorkflowTaskCompleted WorkflowExecutionCompleted");
    }

    [Fact]
    public void Update_OfAnIdleWorkflow_IsStoredUnderTheIdsItWasShownWith()
    {
        var run = Idle();
        run.Admit("u");
        run.History.Count.ShouldBe(4);
        var task = run.Poll()!;
        task.VirtualEvents.Select(static e => e.EventId).ShouldBe([5, 6]);
        task.Messages.ShouldHaveSingleItem().EventId.ShouldBe(5);
        run.Complete(task, request => request.Accept(task.Messages[0]));
        run.Shape.ShouldEndWith("WorkflowTaskCompleted WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskCompleted WorkflowExecutionUpdateAccepted");
        run.History[^1].WorkflowExecutionUpdateAcceptedEventAttributes.AcceptedRequestSequencingEventId.ShouldBe(5);
    }

    [Fact]
    public void Update_AllRejected_LeavesNoTrace()
    {
        var run = Idle();
        run.Admit("u");
        var task = run.Poll()!;
        var completion = run.Complete(task, request => request.Reject(task.Messages[0]));
        completion.ResetHistoryEventId.ShouldBe(3);
        run.History.Count.ShouldBe(4);
        run.Run.FindUpdate("u").ShouldBeNull();
        run.Effects.OfType<UpdateRejected>().ShouldHaveSingleItem().UpdateId.ShouldBe("u");
        run.Admit("v");
        run.Poll()!.StartedEventId.ShouldBe(6);
    }

    [Fact]
    public void Update_TaskNobodyTakes_IsStoredAfterFiveSeconds()
    {
        var run = Idle();
        run.Do(static (execution, now) => execution.ClearSticky(now));
        run.Admit("u");
        run.Advance(5);
        run.Shape.ShouldEndWith("WorkflowTaskCompleted WorkflowTaskScheduled WorkflowTaskTimedOut WorkflowTaskScheduled");
        run.Poll()!.Messages.ShouldHaveSingleItem();
    }

    [Fact]
    public void Update_SignalDuringItsTask_StoresTheTask()
    {
        var run = Idle();
        run.Admit("u");
        var task = run.Poll()!;
        run.Signal();
        run.Complete(task, request => request.Reject(task.Messages[0])).ResetHistoryEventId.ShouldBe(0);
        run.Shape.ShouldEndWith("WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskCompleted WorkflowExecutionSignaled WorkflowTaskScheduled");
    }

    [Fact]
    public void Update_SameIdAgain_AttachesInFlightAndAfterTheClose()
    {
        var run = new RunDriver();
        run.Admit("u");
        run.Admit("u");
        var task = run.Poll()!;
        run.Complete(task, request =>
        {
            request.Accept(task.Messages.ShouldHaveSingleItem());
            request.Answer("u");
            request.Commands.Add(WorkerCommands.Complete());
        });
        run.Admit("u");
        run.Run.FindUpdate("u")!.Outcome.ShouldNotBeNull().Success.ShouldNotBeNull();
        Should.Throw<RpcFaultException>(() => run.Admit("v")).Message.ShouldBe("workflow execution already completed");
    }

    [Fact]
    public void Update_AcceptedInARefusedCompletion_IsNotReadyAndTheRunGoesOn()
    {
        var run = new RunDriver();
        run.Admit("u");
        var task = run.Poll()!;
        run.Complete(task, request =>
        {
            request.Accept(task.Messages[0]);
            request.Commands.Add(WorkerCommands.CancelTimer("none"));
        }).Fault.ShouldNotBeNull();
        run.Effects.OfType<UpdateAborted>().ShouldHaveSingleItem().Fault.Code.ShouldBe(RpcStatusCode.FailedPrecondition);
        run.Run.FindUpdate("u").ShouldBeNull();
        run.Poll()!.Messages.ShouldBeEmpty();
    }

    [Fact]
    public void Update_TaskFailedByTheWorker_GoesOutAgain()
    {
        var run = new RunDriver();
        run.Admit("u");
        run.Fail(run.Poll()!);
        run.Poll()!.Messages.ShouldHaveSingleItem().EventId.ShouldBe(5);
    }

    [Fact]
    public void Update_AcceptedButNotCompletedAtTheClose_HasAFailureAsOutcome()
    {
        var run = new RunDriver();
        run.Admit("u");
        var task = run.Poll()!;
        run.Complete(task, request =>
        {
            request.Accept(task.Messages[0]);
            request.Commands.Add(WorkerCommands.Complete());
        });
        run.Run.FindUpdate("u")!.Outcome!.Failure.ApplicationFailureInfo.Type.ShouldBe("AcceptedUpdateCompletedWorkflow");
    }

    [Theory]
    [InlineData(false, RpcStatusCode.NotFound)]
    [InlineData(true, RpcStatusCode.ResourceExhausted)]
    public void Update_NotDeliveredAtTheClose_IsAborted(bool chainGoesOn, RpcStatusCode code)
    {
        var run = new RunDriver();
        var task = run.Poll()!;
        run.Admit("u");
        run.Complete(task, chainGoesOn ? WorkerCommands.ContinueAsNew() : WorkerCommands.Complete());
        run.Effects.OfType<UpdateAborted>().ShouldHaveSingleItem().Fault.Code.ShouldBe(code);
    }

    [Fact]
    public void Update_AfterACrash_IsBroughtBackByTheWorker()
    {
        var run = new RunDriver();
        run.Admit("u");
        var task = run.Poll()!;
        run.Crash();
        run.Run.FindUpdate("u").ShouldBeNull();
        run.Complete(task, request => request.Accept(task.Messages[0])).Fault.ShouldBeNull();
        run.Run.FindUpdate("u")!.Stage.ShouldBe(UpdateWorkflowExecutionLifecycleStage.Accepted);
    }

    [Fact]
    public void Update_OverTheLimitInFlight_IsResourceExhausted()
    {
        var run = new RunDriver();
        for (var index = 0; index < 10; index++)
        {
            run.Admit($"u{index}");
        }
        var fault = Should.Throw<RpcFaultException>(() => run.Admit("one more"));
        fault.Code.ShouldBe(RpcStatusCode.ResourceExhausted);
        fault.Message.ShouldBe("limit on number of concurrent in-flight updates has been reached (10)");
    }

    [Fact]
    public void Update_OverTheTotalOfTheRun_IsAFailedPreconditionAndContinuingIsSuggestedBefore()
    {
        var run = new RunDriver(new ExecutionLimits { UpdatesPerRun = 10 });
        for (var i = 0; i < 10; i++)
        {
            run.Admit($"u{i}");
            var task = run.Poll()!;
            run.Complete(task, request =>
            {
                request.Accept(task.Messages[0]);
                request.Answer($"u{i}");
            });
        }
        run.History.Where(static e => e.EventType == EventType.WorkflowTaskStarted).Select(static e => e.WorkflowTaskStartedEventAttributes.SuggestContinueAsNew)
            .ShouldBe([false, false, false, false, false, false, false, false, true, true]);
        var fault = Should.Throw<RpcFaultException>(() => run.Admit("one more"));
        fault.Code.ShouldBe(RpcStatusCode.FailedPrecondition);
        fault.Message.ShouldStartWith("The limit on the total number of distinct updates in this workflow has been reached (10). Make sure");
        // A known one attaches still.
        run.Admit("u0");
    }
}
