using Temporalio.Activities;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Converters;
using Temporalio.Worker.Internal.Language;
using Temporalio.Worker.Internal.Runs;
using Priority = Temporalio.Common.Priority;

namespace Temporalio.Worker.Internal.Activities;

/// <summary>Makes <see cref="ActivityInfo"/> from a task or a local activity.</summary>
internal static class ActivityInfos
{
    /// <summary>An activity without a workflow has nothing of one, whatever the server says besides.</summary>
    public static ActivityInfo Of(PollActivityTaskQueueResponse task, WorkerIdentity identity, DataConverter converter) => Of(
        task, identity, converter, task.WorkflowExecution?.WorkflowId is { Length: > 0 } workflowId ? workflowId : null);

    private static ActivityInfo Of(PollActivityTaskQueueResponse task, WorkerIdentity identity, DataConverter converter, string? workflowId) => new(
        ActivityId: task.ActivityId,
        ActivityType: task.ActivityType.Name,
        Attempt: Math.Max(1, task.Attempt),
        CurrentAttemptScheduledTime: task.CurrentAttemptScheduledTime?.ToDateTime() ?? default,
        DataConverter: converter,
        HeartbeatDetails: task.HeartbeatDetails is null ? [] : task.HeartbeatDetails.Payloads_,
        HeartbeatTimeout: Protos.Span(task.HeartbeatTimeout),
        IsLocal: false,
        Namespace: identity.Namespace,
        Priority: task.Priority is null ? Priority.Default : Protos.Priority(task.Priority),
        RetryPolicy: Protos.RetryPolicy(task.RetryPolicy),
        ScheduleToCloseTimeout: Protos.Span(task.ScheduleToCloseTimeout),
        ScheduledTime: task.ScheduledTime?.ToDateTime() ?? default,
        StartToCloseTimeout: Protos.Span(task.StartToCloseTimeout),
        StartedTime: task.StartedTime?.ToDateTime() ?? default,
        TaskQueue: identity.TaskQueue,
        TaskToken: task.TaskToken.ToByteArray(),
        WorkflowId: workflowId,
        WorkflowNamespace: workflowId is null ? null : task.WorkflowNamespace,
        WorkflowRunId: workflowId is null ? null : task.WorkflowExecution?.RunId,
        WorkflowType: workflowId is null ? null : task.WorkflowType?.Name);

    /// <summary>What every line that an activity logs carries.</summary>
    public static Dictionary<string, object> LogScope(ActivityInfo info)
    {
        var scope = new Dictionary<string, object>
        {
            ["ActivityId"] = info.ActivityId,
            ["ActivityType"] = info.ActivityType,
            ["Attempt"] = info.Attempt,
            ["Namespace"] = info.Namespace,
        };
        if (info.IsWorkflowActivity)
        {
            scope["WorkflowId"] = info.WorkflowId!;
            scope["WorkflowNamespace"] = info.WorkflowNamespace!;
            scope["WorkflowRunId"] = info.WorkflowRunId!;
            scope["WorkflowType"] = info.WorkflowType!;
        }
        return scope;
    }

    public static ActivityInfo Of(LocalActivityAttempt attempt, WorkerIdentity identity, DataConverter converter) => new(
        ActivityId: attempt.Request.ActivityId,
        ActivityType: attempt.Request.ActivityType,
        Attempt: attempt.Attempt,
        CurrentAttemptScheduledTime: attempt.StartedTime,
        DataConverter: converter,
        HeartbeatDetails: [],
        HeartbeatTimeout: null,
        IsLocal: true,
        Namespace: identity.Namespace,
        Priority: Priority.Default,
        RetryPolicy: Protos.RetryPolicy(attempt.Request.RetryPolicy),
        ScheduleToCloseTimeout: attempt.Request.ScheduleToCloseTimeout,
        ScheduledTime: attempt.ScheduledTime,
        StartToCloseTimeout: attempt.Request.StartToCloseTimeout,
        StartedTime: attempt.StartedTime,
        TaskQueue: identity.TaskQueue,
        TaskToken: [],
        WorkflowId: attempt.Workflow.WorkflowId,
        WorkflowNamespace: attempt.Workflow.Namespace,
        WorkflowRunId: attempt.Workflow.RunId,
        WorkflowType: attempt.Workflow.WorkflowType);
}
