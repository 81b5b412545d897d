using Durable.Protocol;
using Durable.Server.Executions;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Query.V1;

namespace Durable.Server.Tests.Executions;

public class ExecutionQueryTests
{
    private static readonly WorkflowQuery Query = new() { QueryType = "q" };

    [Fact]
    public void Query_OfAnIdleWorkflow_IsATaskOfItsOwn()
    {
        var run = new RunDriver();
        run.Complete(run.Poll()!);
        run.Do(static (execution, _) => execution.AdmitQuery("q", Query));
        run.Effects.OfType<QueryReady>().ShouldHaveSingleItem().Sticky.ShouldBeTrue();
    }

    [Fact]
    public void Query_BeforeTheFirstTask_RidesOnItAndIsAnsweredWithIt()
    {
        var run = new RunDriver();
        run.Do(static (execution, _) => execution.AdmitQuery("q", Query));
        var task = run.Poll()!;
        task.Queries.ShouldHaveSingleItem().Key.ShouldBe("q");
        run.Complete(task, static request => request.QueryResults["q"] = new WorkflowQueryResult { ResultType = QueryResultType.Answered });
        run.Effects.OfType<QueryAnswered>().ShouldHaveSingleItem().Fault.ShouldBeNull();
    }

    [Fact]
    public void Query_TaskFailed_GoesOutWithTheNext()
    {
        var run = new RunDriver();
        run.Do(static (execution, _) => execution.AdmitQuery("q", Query));
        run.Fail(run.Poll()!);
        run.Poll()!.Queries.ShouldHaveSingleItem();
    }

    [Fact]
    public void Query_ArrivedWhileTheLastTaskRan_GoesItsOwnWay()
    {
        var run = new RunDriver();
        var task = run.Poll()!;
        run.Do(static (execution, _) => execution.AdmitQuery("q", Query));
        run.Complete(task);
        run.Effects.OfType<QueryReady>().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(5, true)]
    [InlineData(15, false)]
    public void Query_OfADelayedStart_IsRefusedWhenItsCallerWouldBeGoneBeforeTheFirstTask(int? seconds, bool refused)
    {
        var run = new RunDriver(configure: static attributes => attributes.FirstWorkflowTaskBackoff = RunDriver.Seconds(10));
        var query = () => run.Do((execution, now) => execution.AdmitQuery("q", Query, now + (seconds is { } wait ? TimeSpan.FromSeconds(wait) : null)));
        if (refused)
        {
            var fault = Should.Throw<RpcFaultException>(query);
            (fault.Code, fault.Message).ShouldBe((RpcStatusCode.FailedPrecondition, "Workflow task is not scheduled yet."));
            return;
        }
        query();
        run.AdvanceToNextTimer();
        run.Poll()!.Queries.ShouldHaveSingleItem();
    }

    [Fact]
    public void Query_ClosedBeforeAnyTask_IsNotReady()
    {
        var run = new RunDriver();
        run.Do(static (execution, now) => execution.Terminate("", null, "client", now));
        Should.Throw<RpcFaultException>(() => run.Run.AdmitQuery("q", Query)).Code.ShouldBe(RpcStatusCode.FailedPrecondition);
    }
}
