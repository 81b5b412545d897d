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
    public static ActivityInfo Of(PollActivityTaskQueueResponse task, WorkerIdentity identity, DataConverter converter) => new(
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
        WorkflowId: task.WorkflowExecution?.WorkflowId is { Length: > 0 } workflowId ? workflowId : null,
        WorkflowNamespace: task.WorkflowNamespace is { Length: > 0 } workflowNamespace ? workflowNamespace : null,
        WorkflowRunId: task.WorkflowExecution?.RunId is { Length: > 0 } runId ? runId : null,
        WorkflowType: task.WorkflowType?.Name is { Length: > 0 } workflowType ? workflowType : null);

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
