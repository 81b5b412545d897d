using Durable.Protocol;
using Durable.Server.Executions;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Services;

/// <summary>Reset of a run to an earlier workflow task.</summary>
internal sealed class ResetService(ServiceContext context)
{
    public void Map(RpcRouter router) => context.Map(router, WorkflowServiceMethods.ResetWorkflowExecution, ResetAsync);

    private async Task<ResetWorkflowExecutionResponse> ResetAsync(ResetWorkflowExecutionRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        ServiceContext.RequireExecution(request.WorkflowExecution);
        if (request.RequestId.Length == 0)
        {
            request.RequestId = context.Runs.Ids.NewUuid();
        }
        var key = await context.ResolveAsync(request.Namespace, request.WorkflowExecution, "").ConfigureAwait(false);
        return new() { RunId = await context.Engine.ResetAsync(request, key, call.CancellationToken).ConfigureAwait(false) };
    }
}
