using Durable.Protocol;
using Durable.Server.Tests.Engine;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Services;

public sealed class BatchOperationTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        foreach (var id in new[] { "a", "b", "c" })
        {
            await server.StartAsync(id);
        }
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Terminate_ByQuery_EndsThemAll()
    {
        await StartAsync("job", static request =>
        {
            request.VisibilityQuery = "ExecutionStatus = 'Running'";
            request.TerminationOperation = new() { Identity = "operator" };
        });
        var done = await EndAsync("job");
        (done.State, done.TotalOperationCount, done.CompleteOperationCount, done.FailureOperationCount).ShouldBe((BatchOperationState.Completed, 3, 3, 0));
        (await server.HistoryAsync("b"))[^1].WorkflowExecutionTerminatedEventAttributes.Reason.ShouldBe("because");
        (await server.CallAsync(WorkflowServiceMethods.ListBatchOperations, new ListBatchOperationsRequest { Namespace = TestServer.Namespace }))
            .OperationInfo.ShouldHaveSingleItem().JobId.ShouldBe("job");
    }

    [Fact]
    public async Task Signal_ByList_CountsThoseThatAreGone()
    {
        await StartAsync("job", static request =>
        {
            request.Executions.Add(new Temporalio.Api.Common.V1.WorkflowExecution { WorkflowId = "a" });
            request.Executions.Add(new Temporalio.Api.Common.V1.WorkflowExecution { WorkflowId = "missing" });
            request.SignalOperation = new() { Signal = "poke" };
        });
        var done = await EndAsync("job");
        (done.CompleteOperationCount, done.FailureOperationCount).ShouldBe((1, 1));
        (await server.HistoryAsync("a"))[^1].WorkflowExecutionSignaledEventAttributes.SignalName.ShouldBe("poke");
    }

    [Fact]
    public async Task Delete_ByQuery_LeavesNone()
    {
        await StartAsync("job", static request =>
        {
            request.VisibilityQuery = "WorkflowId IN ('a', 'c')";
            request.DeletionOperation = new();
        });
        await EndAsync("job");
        var left = await server.CallAsync(WorkflowServiceMethods.ListWorkflowExecutions, new ListWorkflowExecutionsRequest { Namespace = TestServer.Namespace });
        left.Executions.ShouldHaveSingleItem().Execution.WorkflowId.ShouldBe("b");
    }

    [Fact]
    public async Task Reset_ToTheFirstTask_StartsAnotherRun()
    {
        var task = await server.PollForAsync("a");
        await server.CompleteAsync(task, new Command { CommandType = CommandType.CompleteWorkflowExecution, CompleteWorkflowExecutionCommandAttributes = new() });
        await StartAsync("job", static request =>
        {
            request.VisibilityQuery = "ExecutionStatus = 'Completed'";
            request.ResetOperation = new() { Options = new() { FirstWorkflowTask = new() } };
        });
        (await EndAsync("job")).CompleteOperationCount.ShouldBe(1);
        var reset = await server.DescribeAsync("a");
        reset.WorkflowExecutionInfo.Status.ShouldBe(WorkflowExecutionStatus.Running);
        reset.WorkflowExecutionInfo.Execution.RunId.ShouldNotBe(task.WorkflowExecution.RunId);
    }

    [Fact]
    public async Task Stop_EndsAJobThatGoesSlowly()
    {
        await StartAsync("job", static request =>
        {
            request.VisibilityQuery = "ExecutionStatus = 'Running'";
            request.MaxOperationsPerSecond = 0.001f;
            request.CancellationOperation = new();
        });
        await server.CallAsync(
            WorkflowServiceMethods.StopBatchOperation, new StopBatchOperationRequest { Namespace = TestServer.Namespace, JobId = "job", Reason = "enough" });
        (await EndAsync("job")).State.ShouldBe(BatchOperationState.Failed);
    }

    [Fact]
    public async Task JobId_IsTakenOnce()
    {
        await StartAsync("job", static request =>
        {
            request.VisibilityQuery = "WorkflowId = 'none'";
            request.CancellationOperation = new();
        });
        (await Should.ThrowAsync<RpcFaultException>(() => StartAsync("job", static request =>
        {
            request.VisibilityQuery = "WorkflowId = 'none'";
            request.CancellationOperation = new();
        }))).Code.ShouldBe(RpcStatusCode.AlreadyExists);
    }

    public static TheoryData<string, Action<StartBatchOperationRequest>, string> Refused => new()
    {
        { "no operation", static request => request.VisibilityQuery = "WorkflowId = 'a'", "Batch operation is not set on request." },
        { "no targets", static request => request.CancellationOperation = new(), "Exactly one of VisibilityQuery and Executions must be set on request." },
        { "no reason", static request => request.Reason = "", "Reason is not set on request." },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Start_Bad_NamesTheField(string name, Action<StartBatchOperationRequest> spoil, string message)
    {
        name.ShouldNotBeEmpty();
        (await Should.ThrowAsync<RpcFaultException>(() => StartAsync("job", spoil))).Message.ShouldBe(message);
    }

    private Task StartAsync(string jobId, Action<StartBatchOperationRequest> configure)
    {
        var request = new StartBatchOperationRequest { Namespace = TestServer.Namespace, JobId = jobId, Reason = "because" };
        configure(request);
        return server.CallAsync(WorkflowServiceMethods.StartBatchOperation, request);
    }

    private async Task<DescribeBatchOperationResponse> EndAsync(string jobId)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var request = new DescribeBatchOperationRequest { Namespace = TestServer.Namespace, JobId = jobId };
            var job = await server.CallAsync(WorkflowServiceMethods.DescribeBatchOperation, request);
            if (job.State != BatchOperationState.Running)
            {
                return job;
            }
            await Task.Delay(20, late.Token);
        }
    }
}
