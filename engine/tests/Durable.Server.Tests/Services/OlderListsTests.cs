using Durable.Protocol;
using Durable.Server.Tests.Engine;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Filter.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Services;

/// <summary>The lists from before the query language: open, closed and scan.</summary>
public sealed class OlderListsTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        await server.StartAsync("open");
        foreach (var id in new[] { "closed", "other-type" })
        {
            await server.StartAsync(id, configure: request => request.WorkflowType = new() { Name = id == "closed" ? "test" : "other" });
            await server.CallAsync(
                WorkflowServiceMethods.TerminateWorkflowExecution,
                new TerminateWorkflowExecutionRequest { Namespace = TestServer.Namespace, WorkflowExecution = new() { WorkflowId = id } });
        }
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Open_HasRunningOnesOnly() => (await OpenAsync(new())).ShouldBe(["open"]);

    [Fact]
    public async Task Open_StartedLater_HasNone() =>
        (await OpenAsync(new() { StartTimeFilter = new StartTimeFilter { EarliestTime = DateTime.UtcNow.AddHours(1).ToTimestamp() } })).ShouldBeEmpty();

    [Fact]
    public async Task Closed_HasAllOthers_LatestFirst() => (await ClosedAsync(new())).ShouldBe(["other-type", "closed"]);

    [Fact]
    public async Task Closed_ByType() => (await ClosedAsync(new() { TypeFilter = new WorkflowTypeFilter { Name = "other" } })).ShouldBe(["other-type"]);

    [Fact]
    public async Task Closed_ById() => (await ClosedAsync(new() { ExecutionFilter = new WorkflowExecutionFilter { WorkflowId = "closed" } })).ShouldBe(["closed"]);

    [Fact]
    public async Task Closed_ByStatus() =>
        (await ClosedAsync(new() { StatusFilter = new StatusFilter { Status = WorkflowExecutionStatus.Completed } })).ShouldBeEmpty();

    [Fact]
    public async Task Closed_ByRunning_IsRefused() =>
        (await Should.ThrowAsync<RpcFaultException>(() => ClosedAsync(new() { StatusFilter = new StatusFilter { Status = WorkflowExecutionStatus.Running } })))
            .Code.ShouldBe(RpcStatusCode.InvalidArgument);

    [Fact]
    public async Task Scan_ByQuery_InPages()
    {
        var request = new ScanWorkflowExecutionsRequest { Namespace = TestServer.Namespace, PageSize = 1, Query = "WorkflowType = 'test'" };
        var ids = new List<string>();
        do
        {
            var page = await server.CallAsync(WorkflowServiceMethods.ScanWorkflowExecutions, request);
            ids.AddRange(page.Executions.Select(static info => info.Execution.WorkflowId));
            request.NextPageToken = page.NextPageToken;
        }
        while (!request.NextPageToken.IsEmpty);
        ids.ShouldBe(["open", "closed"]);
    }

    private async Task<IEnumerable<string>> OpenAsync(ListOpenWorkflowExecutionsRequest request)
    {
        request.Namespace = TestServer.Namespace;
        return (await server.CallAsync(WorkflowServiceMethods.ListOpenWorkflowExecutions, request)).Executions.Select(static info => info.Execution.WorkflowId);
    }

    private async Task<IEnumerable<string>> ClosedAsync(ListClosedWorkflowExecutionsRequest request)
    {
        request.Namespace = TestServer.Namespace;
        return (await server.CallAsync(WorkflowServiceMethods.ListClosedWorkflowExecutions, request)).Executions.Select(static info => info.Execution.WorkflowId);
    }
}
