using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Storage;
using WorkflowExecution = Temporalio.Api.Common.V1.WorkflowExecution;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Services;

/// <summary>What activity workers answer, by token and by id.</summary>
internal sealed class ActivityService(ServiceContext context)
{
    public void Map(RpcRouter router)
    {
        context.Map(router, WorkflowServiceMethods.RespondActivityTaskCompleted, async (request, _) =>
        {
            context.RequireBlob(request.Result);
            await ByTokenAsync(request.TaskToken, (run, token, now) => run.CompleteActivity(token, request.Result, request.Identity, now)).ConfigureAwait(false);
            return new RespondActivityTaskCompletedResponse();
        });
        context.Map(router, WorkflowServiceMethods.RespondActivityTaskFailed, async (request, _) =>
        {
            await ByTokenAsync(
                request.TaskToken, (run, token, now) => run.FailActivity(token, request.Failure ?? new(), request.LastHeartbeatDetails, request.Identity, now)).ConfigureAwait(false);
            return new RespondActivityTaskFailedResponse();
        });
        context.Map(router, WorkflowServiceMethods.RespondActivityTaskCanceled, async (request, _) =>
        {
            await ByTokenAsync(request.TaskToken, (run, token, now) => run.CancelActivity(token, request.Details, request.Identity, now)).ConfigureAwait(false);
            return new RespondActivityTaskCanceledResponse();
        });
        context.Map(router, WorkflowServiceMethods.RecordActivityTaskHeartbeat, async (request, _) =>
        {
            context.RequireBlob(request.Details);
            var cancel = false;
            await ByTokenAsync(request.TaskToken, (run, token, now) => cancel = run.HeartbeatActivity(token, request.Details, now)).ConfigureAwait(false);
            return new RecordActivityTaskHeartbeatResponse { CancelRequested = cancel };
        });
        context.Map(router, WorkflowServiceMethods.RespondActivityTaskCompletedById, async (request, _) =>
        {
            context.RequireBlob(request.Result);
            await ByIdAsync(
                request.Namespace, request.WorkflowId, request.RunId, request.ActivityId,
                (run, now) => run.CompleteActivityById(request.ActivityId, request.Result, request.Identity, now)).ConfigureAwait(false);
            return new RespondActivityTaskCompletedByIdResponse();
        });
        context.Map(router, WorkflowServiceMethods.RespondActivityTaskFailedById, async (request, _) =>
        {
            await ByIdAsync(
                request.Namespace, request.WorkflowId, request.RunId, request.ActivityId,
                (run, now) => run.FailActivityById(request.ActivityId, request.Failure ?? new(), request.LastHeartbeatDetails, request.Identity, now)).ConfigureAwait(false);
            return new RespondActivityTaskFailedByIdResponse();
        });
        context.Map(router, WorkflowServiceMethods.RespondActivityTaskCanceledById, async (request, _) =>
        {
            await ByIdAsync(
                request.Namespace, request.WorkflowId, request.RunId, request.ActivityId,
                (run, now) => run.CancelActivityById(request.ActivityId, request.Details, request.Identity, now)).ConfigureAwait(false);
            return new RespondActivityTaskCanceledByIdResponse();
        });
        context.Map(router, WorkflowServiceMethods.RecordActivityTaskHeartbeatById, async (request, _) =>
        {
            var cancel = false;
            await ByIdAsync(
                request.Namespace, request.WorkflowId, request.RunId, request.ActivityId,
                (run, now) => cancel = run.HeartbeatActivityById(request.ActivityId, request.Details, now)).ConfigureAwait(false);
            return new RecordActivityTaskHeartbeatByIdResponse { CancelRequested = cancel };
        });
    }

    private Task ByTokenAsync(Google.Protobuf.ByteString bytes, Action<Execution, TaskToken, DateTimeOffset> command)
    {
        var token = ServiceContext.ReadToken(bytes);
        return context.Engine.WithRunAsync(ServiceContext.KeyOf(token), (run, now) =>
        {
            command(run, token, now);
            return true;
        });
    }

    private async Task ByIdAsync(string namespaceName, string workflowId, string runId, string activityId, Action<Execution, DateTimeOffset> command)
    {
        context.Namespaces.Require(namespaceName);
        ServiceContext.RequireId(workflowId, "WorkflowId");
        ServiceContext.RequireId(activityId, "ActivityId");
        RunKey key = await context.ResolveAsync(namespaceName, new WorkflowExecution { WorkflowId = workflowId, RunId = runId }, "").ConfigureAwait(false);
        await context.Engine.WithRunAsync(key, (run, now) =>
        {
            command(run, now);
            return true;
        }).ConfigureAwait(false);
    }
}
