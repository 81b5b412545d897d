using Durable.Protocol;
using Durable.Server.Engine;
using Durable.Server.Executions;
using Durable.Server.Storage;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Services;

/// <summary>UpdateWorkflowExecution and PollWorkflowExecutionUpdate.</summary>
internal sealed class UpdateService(ServiceContext context)
{
    public void Map(RpcRouter router)
    {
        context.Map(router, WorkflowServiceMethods.UpdateWorkflowExecution, UpdateAsync, isPoll: true);
        context.Map(router, WorkflowServiceMethods.PollWorkflowExecutionUpdate, PollAsync, isPoll: true);
    }

    /// <exception cref="RpcFaultException">The request is not a whole update.</exception>
    public static void Check(UpdateWorkflowExecutionRequest request)
    {
        ServiceContext.RequireExecution(request.WorkflowExecution);
        if (request.Request?.Meta is null)
        {
            throw Faults.InvalidArgument("Update meta is not set on request.");
        }
        if (request.Request.Meta.UpdateId.Length > 1000)
        {
            throw Faults.InvalidArgument("UpdateId length exceeds limit.");
        }
        if (request.Request.Input is null)
        {
            throw Faults.InvalidArgument("Update input is not set on request.");
        }
        if (request.Request.Input.Name.Length == 0)
        {
            throw Faults.InvalidArgument("Update name is not set on request.");
        }
        if (request.WaitPolicy?.LifecycleStage == UpdateWorkflowExecutionLifecycleStage.Admitted)
        {
            throw new RpcFaultException(
                RpcStatusCode.PermissionDenied, "UpdateWorkflowExecution issued asynchronously and waiting on update admitted is not supported.");
        }
        if (request.Request.Meta.UpdateId.Length == 0)
        {
            request.Request.Meta.UpdateId = Guid.NewGuid().ToString();
        }
    }

    public static UpdateWorkflowExecutionLifecycleStage StageOf(WaitPolicy? policy) =>
        policy is null || policy.LifecycleStage == UpdateWorkflowExecutionLifecycleStage.Unspecified
            ? UpdateWorkflowExecutionLifecycleStage.Completed
            : policy.LifecycleStage;

    public static UpdateWorkflowExecutionResponse ToResponse(RunKey key, string updateId, UpdateStatus status) => new()
    {
        UpdateRef = ToRef(key, updateId),
        Outcome = status.Outcome,
        Stage = status.Stage,
        Link = status.Outcome?.Failure is not null ? Links.ToWorkflow(key, "Update rejected")
            : status.Stage >= UpdateWorkflowExecutionLifecycleStage.Accepted ? Links.ToRequest(key, "", EventType.WorkflowExecutionUpdateAccepted)
            : null,
    };

    private static UpdateRef ToRef(RunKey key, string updateId) => new()
    {
        WorkflowExecution = new() { WorkflowId = key.WorkflowId, RunId = key.RunId },
        UpdateId = updateId,
    };

    private async Task<UpdateWorkflowExecutionResponse> UpdateAsync(UpdateWorkflowExecutionRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        Check(request);
        context.RequireBlob(request.Request.Input.Args);
        RunKey? closed = null;
        while (true)
        {
            var key = await context.ResolveAsync(request.Namespace, request.WorkflowExecution, request.FirstExecutionRunId).ConfigureAwait(false);
            try
            {
                var status = await context.Engine.WaitUpdateAsync(
                    key, request.Request.Meta.UpdateId, request.Request, StageOf(request.WaitPolicy), wait: true, call.CancellationToken).ConfigureAwait(false);
                return ToResponse(key, request.Request.Meta.UpdateId, status);
            }
            catch (RpcFaultException fault) when (Faults.IsWorkflowClosed(fault) && request.WorkflowExecution.RunId.Length == 0 && key != closed)
            {
                // The latest when it was looked up, and perhaps followed by another one since.
                closed = key;
            }
        }
    }

    private async Task<PollWorkflowExecutionUpdateResponse> PollAsync(PollWorkflowExecutionUpdateRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        if (request.UpdateRef is null)
        {
            throw Faults.InvalidArgument("Update ref is not set on request.");
        }
        ServiceContext.RequireExecution(request.UpdateRef.WorkflowExecution);
        var target = request.UpdateRef.WorkflowExecution;
        var key = await context.Engine.ResolveAsync(request.Namespace, target.WorkflowId, target.RunId).ConfigureAwait(false);
        var status = await context.Engine.WaitUpdateAsync(
            key, request.UpdateRef.UpdateId, null, StageOf(request.WaitPolicy), wait: request.WaitPolicy is not null, call.CancellationToken).ConfigureAwait(false);
        return new PollWorkflowExecutionUpdateResponse { UpdateRef = ToRef(key, request.UpdateRef.UpdateId), Outcome = status.Outcome, Stage = status.Stage };
    }
}
