using Durable.Protocol;
using Durable.Server.Tests.Engine;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Services;

public class MultiOperationTests
{
    // What is wrong; the operation at fault; its words. The other one is aborted.
    public static TheoryData<string, Action<StartWorkflowExecutionRequest, UpdateWorkflowExecutionRequest>, int, string> Refused => new()
    {
        { "cron", static (start, _) => start.CronSchedule = "* * * * *", 0, "CronSchedule is not allowed." },
        { "eager", static (start, _) => start.RequestEagerExecution = true, 0, "RequestEagerExecution is not supported." },
        { "delay", static (start, _) => start.WorkflowStartDelay = TimeSpan.FromSeconds(1).ToDuration(), 0, "WorkflowStartDelay is not supported." },
        { "no type", static (start, _) => start.WorkflowType = null, 0, "WorkflowType is not set on request." },
        { "run", static (_, update) => update.WorkflowExecution.RunId = Guid.NewGuid().ToString(), 1, "RunId is not allowed." },
        { "first run", static (_, update) => update.FirstExecutionRunId = Guid.NewGuid().ToString(), 1, "FirstExecutionRunId is not allowed." },
        { "another id", static (_, update) => update.WorkflowExecution.WorkflowId = "another", 1, "WorkflowId is not consistent with previous operation(s)." },
        { "no name", static (_, update) => update.Request.Input.Name = "", 1, "Update name is not set on request." },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task BadOperation_IsNamed_AndNothingIsStarted(
        string name, Action<StartWorkflowExecutionRequest, UpdateWorkflowExecutionRequest> spoil, int culprit, string message)
    {
        name.ShouldNotBeEmpty();
        await using var server = await TestServer.StartAsync();
        var start = new StartWorkflowExecutionRequest
        {
            WorkflowId = "workflow",
            WorkflowType = new() { Name = "test" },
            TaskQueue = new() { Name = TestServer.Queue },
            RequestId = "start",
        };
        var update = new UpdateWorkflowExecutionRequest
        {
            WorkflowExecution = new() { WorkflowId = "workflow" },
            Request = new() { Meta = new() { UpdateId = "update" }, Input = new() { Name = "update" } },
        };
        spoil(start, update);
        var fault = await Should.ThrowAsync<RpcFaultException>(() => server.CallAsync(
            WorkflowServiceMethods.ExecuteMultiOperation,
            new ExecuteMultiOperationRequest
            {
                Namespace = TestServer.Namespace,
                Operations = { new ExecuteMultiOperationRequest.Types.Operation { StartWorkflow = start }, new ExecuteMultiOperationRequest.Types.Operation { UpdateWorkflow = update } },
            }));
        fault.Code.ShouldBe(RpcStatusCode.InvalidArgument);
        fault.Message.ShouldBe("Update-with-Start could not be executed.");
        var statuses = fault.Details.ShouldHaveSingleItem().Unpack<MultiOperationExecutionFailure>().Statuses;
        (statuses[culprit].Code, statuses[culprit].Message).ShouldBe(((int)RpcStatusCode.InvalidArgument, message));
        (statuses[1 - culprit].Code, statuses[1 - culprit].Message).ShouldBe(((int)RpcStatusCode.Aborted, "Operation was aborted."));
        (await Should.ThrowAsync<RpcFaultException>(() => server.DescribeAsync("workflow"))).Code.ShouldBe(RpcStatusCode.NotFound);
    }
}
