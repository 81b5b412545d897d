using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Storage;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Activity.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;
using Execution = Durable.Server.Executions.Execution;

namespace Durable.Server.Services;

/// <summary>PauseActivity, UnpauseActivity, ResetActivity, UpdateActivityOptions.</summary>
internal sealed class ActivityControlService(ServiceContext context)
{
    public void Map(RpcRouter router)
    {
        context.Map(router, WorkflowServiceMethods.PauseActivity, PauseAsync);
        context.Map(router, WorkflowServiceMethods.UnpauseActivity, UnpauseAsync);
        context.Map(router, WorkflowServiceMethods.ResetActivity, ResetAsync);
        context.Map(router, WorkflowServiceMethods.UpdateActivityOptions, UpdateOptionsAsync);
    }

    private async Task<PauseActivityResponse> PauseAsync(PauseActivityRequest request, RpcServerCall call)
    {
        var selector = Select(request.Id, request.Type, all: false);
        await ChangeAsync(
            request.Namespace, request.Execution,
            (run, now) => run.PauseActivities(selector, request.Identity, request.Reason, request.RequestId, now)).ConfigureAwait(false);
        return new();
    }

    private async Task<UnpauseActivityResponse> UnpauseAsync(UnpauseActivityRequest request, RpcServerCall call)
    {
        var selector = Select(request.Id, request.Type, request.UnpauseAll);
        await ChangeAsync(
            request.Namespace, request.Execution,
            (run, now) => run.UnpauseActivities(selector, request.ResetAttempts, request.ResetHeartbeat, Within(request.Jitter), now)).ConfigureAwait(false);
        return new();
    }

    private async Task ChangeAsync(string namespaceName, Temporalio.Api.Common.V1.WorkflowExecution? execution, Action<Execution, DateTimeOffset> change)
    {
        var key = await ResolveAsync(namespaceName, execution).ConfigureAwait(false);
        await context.Engine.WithRunAsync(key, (run, now) =>
        {
            change(run, now);
            return true;
        }).ConfigureAwait(false);
    }

    private async Task<ResetActivityResponse> ResetAsync(ResetActivityRequest request, RpcServerCall call)
    {
        var selector = Select(request.Id, request.Type, request.MatchAll);
        var key = await ResolveAsync(request.Namespace, request.Execution).ConfigureAwait(false);
        await context.Engine.WithSlotAsync(key, async (_, run, now) =>
        {
            var originals = request.RestoreOriginalOptions ? await OriginalsAsync(run, selector).ConfigureAwait(false) : null;
            run.ResetActivities(selector, request.ResetHeartbeat, request.KeepPaused, Within(request.Jitter), originals, now);
            return true;
        }).ConfigureAwait(false);
        return new();
    }

    private async Task<UpdateActivityOptionsResponse> UpdateOptionsAsync(UpdateActivityOptionsRequest request, RpcServerCall call)
    {
        var selector = Select(request.Id, request.Type, request.MatchAll);
        if (Priorities.Check(request.ActivityOptions?.Priority) is { } wrong)
        {
            throw Faults.InvalidArgument(wrong);
        }
        if (request.RestoreOriginal && request.UpdateMask is { Paths.Count: > 0 })
        {
            throw Faults.InvalidArgument("Both UpdateMask and RestoreOriginal are provided");
        }
        if (!request.RestoreOriginal && request.ActivityOptions is null)
        {
            throw Faults.InvalidArgument("ActivityOptions are not provided");
        }
        if (!request.RestoreOriginal && request.UpdateMask is null)
        {
            throw Faults.InvalidArgument("UpdateMask is not provided");
        }
        var key = await ResolveAsync(request.Namespace, request.Execution).ConfigureAwait(false);
        var options = await context.Engine.WithSlotAsync(key, async (_, run, now) =>
        {
            var originals = request.RestoreOriginal ? await OriginalsAsync(run, selector).ConfigureAwait(false) : null;
            return run.UpdateActivityOptions(
                selector, (id, current) => originals is null ? Merge(current, request.ActivityOptions!, request.UpdateMask!) : Execution.OptionsOf(originals[id]), now);
        }).ConfigureAwait(false);
        return new() { ActivityOptions = options };
    }

    private async ValueTask<IReadOnlyDictionary<long, ActivityTaskScheduledEventAttributes>> OriginalsAsync(Execution run, ActivitySelector selector)
    {
        var originals = new Dictionary<long, ActivityTaskScheduledEventAttributes>();
        foreach (var id in run.FindActivities(selector))
        {
            originals.Add(id, (await context.Engine.FindEventAsync(run, id).ConfigureAwait(false)).ActivityTaskScheduledEventAttributes);
        }
        return originals;
    }

    private static ActivityOptions Merge(ActivityOptions into, ActivityOptions from, FieldMask mask)
    {
        foreach (var path in mask.Paths)
        {
            switch (path)
            {
                case "task_queue.name" or "taskQueue.name":
                    into.TaskQueue.Name = (from.TaskQueue ?? throw Faults.InvalidArgument("TaskQueue is not provided")).Name;
                    break;
                case "schedule_to_close_timeout" or "scheduleToCloseTimeout":
                    into.ScheduleToCloseTimeout = from.ScheduleToCloseTimeout;
                    break;
                case "schedule_to_start_timeout" or "scheduleToStartTimeout":
                    into.ScheduleToStartTimeout = from.ScheduleToStartTimeout;
                    break;
                case "start_to_close_timeout" or "startToCloseTimeout":
                    into.StartToCloseTimeout = from.StartToCloseTimeout;
                    break;
                case "heartbeat_timeout" or "heartbeatTimeout":
                    into.HeartbeatTimeout = from.HeartbeatTimeout;
                    break;
                case "priority":
                    into.Priority = from.Priority;
                    break;
                case "priority.priority_key" or "priority.priorityKey":
                    into.Priority ??= new();
                    into.Priority.PriorityKey = (from.Priority ?? throw Faults.InvalidArgument("Priority is not provided")).PriorityKey;
                    break;
                default:
                    MergeRetryPolicy(into, from, path);
                    break;
            }
        }
        return into;
    }

    // Fields that are not named here are left alone, as on the genuine server.
    private static void MergeRetryPolicy(ActivityOptions into, ActivityOptions from, string path)
    {
        if (!path.StartsWith("retry_policy", StringComparison.Ordinal) && !path.StartsWith("retryPolicy", StringComparison.Ordinal))
        {
            return;
        }
        var policy = from.RetryPolicy ?? throw Faults.InvalidArgument("RetryPolicy is not provided");
        switch (path[(path.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            case "initial_interval" or "initialInterval":
                into.RetryPolicy.InitialInterval = policy.InitialInterval;
                break;
            case "backoff_coefficient" or "backoffCoefficient":
                into.RetryPolicy.BackoffCoefficient = policy.BackoffCoefficient;
                break;
            case "maximum_interval" or "maximumInterval":
                into.RetryPolicy.MaximumInterval = policy.MaximumInterval;
                break;
            case "maximum_attempts" or "maximumAttempts":
                into.RetryPolicy.MaximumAttempts = policy.MaximumAttempts;
                break;
            case "retry_policy" or "retryPolicy":
                into.RetryPolicy = policy;
                break;
        }
    }

    private static ActivitySelector Select(string id, string type, bool all) => id.Length > 0 || type.Length > 0 || all
        ? new ActivitySelector(id, type, all)
        : throw Faults.InvalidArgument("Either Activity.Id or Activity.Type should be set on request.");

    private async ValueTask<RunKey> ResolveAsync(string namespaceName, Temporalio.Api.Common.V1.WorkflowExecution? execution)
    {
        context.Namespaces.Require(namespaceName);
        return await context.ResolveAsync(namespaceName, execution!, "").ConfigureAwait(false);
    }

    private static TimeSpan Within(Duration? jitter) =>
        Durations.Within(jitter, Durations.Longest) is { Ticks: > 0 } most ? TimeSpan.FromTicks(Random.Shared.NextInt64(most.Ticks)) : TimeSpan.Zero;
}
