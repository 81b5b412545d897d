using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Storage;
using Execution = Durable.Server.Executions.Execution;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Services;

/// <summary>What activity workers answer, by token and by id.</summary>
internal sealed class ActivityService(ServiceContext context)
{
    private const string ResultTooLarge = "Complete result exceeds size limit.";
    private const string DetailsTooLarge = "Cancel details exceed size limit.";
    private const string HeartbeatTooLarge = "Heartbeat details exceed size limit.";

    public void Map(RpcRouter router)
    {
        context.Map(router, WorkflowServiceMethods.RespondActivityTaskCompleted, async (request, _) =>
        {
            var tooLarge = TooLarge(request.Result, ResultTooLarge);
            await ByTokenAsync(request.TaskToken, (run, token, now) =>
            {
                if (tooLarge is not null)
                {
                    run.FailActivity(token, tooLarge, null, request.Identity, now);
                    return;
                }
                run.CompleteActivity(token, request.Result, request.Identity, now);
            }).ConfigureAwait(false);
            return new RespondActivityTaskCompletedResponse();
        });
        context.Map(router, WorkflowServiceMethods.RespondActivityTaskFailed, async (request, _) =>
        {
            var response = new RespondActivityTaskFailedResponse();
            var (failure, heartbeat) = Bound(request.Failure, request.LastHeartbeatDetails, response.Failures);
            await ByTokenAsync(request.TaskToken, (run, token, now) => run.FailActivity(token, failure, heartbeat, request.Identity, now)).ConfigureAwait(false);
            return response;
        });
        context.Map(router, WorkflowServiceMethods.RespondActivityTaskCanceled, async (request, _) =>
        {
            var tooLarge = TooLarge(request.Details, DetailsTooLarge);
            await ByTokenAsync(request.TaskToken, (run, token, now) =>
            {
                if (tooLarge is not null)
                {
                    run.FailActivity(token, tooLarge, null, request.Identity, now);
                    return;
                }
                run.CancelActivity(token, request.Details, request.Identity, now);
            }).ConfigureAwait(false);
            return new RespondActivityTaskCanceledResponse();
        });
        context.Map(router, WorkflowServiceMethods.RecordActivityTaskHeartbeat, async (request, _) =>
        {
            var tooLarge = TooLarge(request.Details, HeartbeatTooLarge);
            var answer = new RecordActivityTaskHeartbeatResponse();
            await ByTokenAsync(request.TaskToken, (run, token, now) =>
            {
                if (tooLarge is not null)
                {
                    run.FailActivity(token, tooLarge, null, request.Identity, now);
                    answer.CancelRequested = true;
                    return;
                }
                var told = run.HeartbeatActivity(token, request.Details, now);
                (answer.CancelRequested, answer.ActivityPaused, answer.ActivityReset) = (told.CancelRequested, told.Paused, told.Reset);
            }).ConfigureAwait(false);
            return answer;
        });
        context.Map(router, WorkflowServiceMethods.RespondActivityTaskCompletedById, async (request, _) =>
        {
            var tooLarge = TooLarge(request.Result, ResultTooLarge);
            await ByIdAsync(request.Namespace, request.WorkflowId, request.RunId, request.ActivityId, (run, now) =>
            {
                if (tooLarge is not null)
                {
                    run.FailActivityById(request.ActivityId, tooLarge, null, request.Identity, now);
                    return;
                }
                run.CompleteActivityById(request.ActivityId, request.Result, request.Identity, now);
            }).ConfigureAwait(false);
            return new RespondActivityTaskCompletedByIdResponse();
        });
        context.Map(router, WorkflowServiceMethods.RespondActivityTaskFailedById, async (request, _) =>
        {
            var response = new RespondActivityTaskFailedByIdResponse();
            var (failure, heartbeat) = Bound(request.Failure, request.LastHeartbeatDetails, response.Failures);
            await ByIdAsync(
                request.Namespace, request.WorkflowId, request.RunId, request.ActivityId,
                (run, now) => run.FailActivityById(request.ActivityId, failure, heartbeat, request.Identity, now)).ConfigureAwait(false);
            return response;
        });
        context.Map(router, WorkflowServiceMethods.RespondActivityTaskCanceledById, async (request, _) =>
        {
            var tooLarge = TooLarge(request.Details, DetailsTooLarge);
            await ByIdAsync(request.Namespace, request.WorkflowId, request.RunId, request.ActivityId, (run, now) =>
            {
                if (tooLarge is not null)
                {
                    run.FailActivityById(request.ActivityId, tooLarge, null, request.Identity, now);
                    return;
                }
                run.CancelActivityById(request.ActivityId, request.Details, request.Identity, now);
            }).ConfigureAwait(false);
            return new RespondActivityTaskCanceledByIdResponse();
        });
        context.Map(router, WorkflowServiceMethods.RecordActivityTaskHeartbeatById, async (request, _) =>
        {
            var tooLarge = TooLarge(request.Details, HeartbeatTooLarge);
            var answer = new RecordActivityTaskHeartbeatByIdResponse();
            await ByIdAsync(request.Namespace, request.WorkflowId, request.RunId, request.ActivityId, (run, now) =>
            {
                if (tooLarge is not null)
                {
                    run.FailActivityById(request.ActivityId, tooLarge, null, request.Identity, now);
                    answer.CancelRequested = true;
                    return;
                }
                var told = run.HeartbeatActivityById(request.ActivityId, request.Details, now);
                (answer.CancelRequested, answer.ActivityPaused, answer.ActivityReset) = (told.CancelRequested, told.Paused, told.Reset);
            }).ConfigureAwait(false);
            return answer;
        });
    }

    /// <summary>What the activity ends with instead; null: it fits. The worker could only send the same again, so no retry helps.</summary>
    private Failure? TooLarge(Payloads? payloads, string message) =>
        context.IsTooLarge(payloads) ? new Failure { Message = message, ServerFailureInfo = new() { NonRetryable = true } } : null;

    /// <summary>What of a failed attempt is kept; <paramref name="told"/> gets what is wrong with the rest.</summary>
    private (Failure Failure, Payloads? Heartbeat) Bound(Failure? failure, Payloads? heartbeat, ICollection<Failure> told)
    {
        if (TooLarge(heartbeat, HeartbeatTooLarge) is { } tooLarge)
        {
            told.Add(tooLarge);
            heartbeat = null;
        }
        var bound = context.Bound(failure) ?? new Failure();
        if (context.IsTooLarge(failure))
        {
            told.Add(bound);
        }
        return (bound, heartbeat);
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
