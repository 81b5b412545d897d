using Durable.Protocol;
using Durable.Server.Executions;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Tests.Executions;

public class ExecutionResetTests
{
    private static (Execution Run, IReadOnlyList<Temporalio.Api.History.V1.HistoryEvent> Events) Reset(
        RunDriver run, long finish, ResetReapplyType reapply = ResetReapplyType.Unspecified)
    {
        var reset = Execution.Reset(
            new ResetRun
            {
                Namespace = "default", WorkflowId = "workflow", BaseRunId = run.Run.RunId, NewRunId = "new", RequestId = "reset", Reason = "why",
                WorkflowTaskFinishEventId = finish, History = run.History, ReapplyType = reapply,
            },
            RunContext.Default,
            run.Now);
        return (reset, reset.TakeDecision(run.Now).Events);
    }

    private static RunDriver WithSignals()
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!, WorkerCommands.Activity("a"));
        run.Signal("s", "1");
        run.Signal("s", "2");
        return run;
    }

    [Fact]
    public void Reset_ToTheFirstTask_AppliesLaterSignalsAgain()
    {
        var (reset, events) = Reset(WithSignals(), 4);
        string.Join(' ', events.Select(static e => e.EventType)).ShouldBe(
            "WorkflowExecutionStarted WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskFailed WorkflowExecutionSignaled WorkflowExecutionSignaled WorkflowTaskScheduled");
        var failed = events[3].WorkflowTaskFailedEventAttributes;
        failed.Cause.ShouldBe(WorkflowTaskFailedCause.ResetWorkflow);
        failed.NewRunId.ShouldBe("new");
        reset.RunId.ShouldBe("new");
        reset.IsRunning.ShouldBeTrue();
    }

    [Fact]
    public void Reset_WithoutReapplying_LeavesSignalsOut() =>
        Reset(WithSignals(), 4, ResetReapplyType.None).Events.ShouldNotContain(static e => e.EventType == EventType.WorkflowExecutionSignaled);

    [Fact]
    public void Reset_ToALaterTask_QueuesPendingActivitiesAgain()
    {
        var run = WithSignals();
        run.Complete(run.Poll()!);
        var (reset, _) = Reset(run, 10);
        reset.Describe().PendingActivities.ShouldHaveSingleItem().ActivityId.ShouldBe("a");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(5)]
    public void Reset_ToNoEndOfATask_IsInvalid(long finish) =>
        Should.Throw<RpcFaultException>(() => Reset(WithSignals(), finish)).Code.ShouldBe(RpcStatusCode.InvalidArgument);
}
