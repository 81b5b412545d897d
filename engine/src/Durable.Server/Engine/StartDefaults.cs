using Durable.Server.Executions;
using Durable.Server.Schedules;
using Durable.Server.Storage;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Durable.Server.Engine;

/// <summary>The first event of a run with everything that the server fills in.</summary>
internal static class StartDefaults
{
    private static readonly TimeSpan DefaultTaskTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaximumTaskTimeout = TimeSpan.FromSeconds(120);

    /// <summary>Time-outs, back-off and expiration from what the caller gave.</summary>
    public static void Complete(WorkflowExecutionStartedEventAttributes attributes, TimeSpan startDelay, DateTimeOffset now)
    {
        var execution = attributes.WorkflowExecutionTimeout?.ToTimeSpan() ?? TimeSpan.Zero;
        var run = attributes.WorkflowRunTimeout?.ToTimeSpan() ?? TimeSpan.Zero;
        if (execution > TimeSpan.Zero)
        {
            run = run > TimeSpan.Zero && run < execution ? run : execution;
        }
        var task = attributes.WorkflowTaskTimeout?.ToTimeSpan() ?? TimeSpan.Zero;
        task = task > TimeSpan.Zero ? (task < MaximumTaskTimeout ? task : MaximumTaskTimeout) : DefaultTaskTimeout;
        if (run > TimeSpan.Zero)
        {
            attributes.WorkflowRunTimeout = run.ToDuration();
            task = task < run ? task : run;
        }
        attributes.WorkflowTaskTimeout = task.ToDuration();
        attributes.Attempt = 1;
        if (attributes.RetryPolicy is not null)
        {
            attributes.RetryPolicy = Retries.Complete(attributes.RetryPolicy);
        }
        var backoff = startDelay;
        if (attributes.CronSchedule.Length > 0 && CronSchedule.TryParse(attributes.CronSchedule, out _) is { } cron)
        {
            backoff = cron.Next(now, now) is { } next ? next - now : TimeSpan.Zero;
            attributes.Initiator = ContinueAsNewInitiator.CronSchedule;
        }
        attributes.FirstWorkflowTaskBackoff = backoff.ToDuration();
        if (execution > TimeSpan.Zero)
        {
            var expiration = now + backoff + execution;
            // Whole milliseconds, as the genuine server's.
            attributes.WorkflowExecutionExpirationTime = DateTimeOffset.FromUnixTimeMilliseconds(expiration.ToUnixTimeMilliseconds()).ToTimestamp();
        }
    }

    public static WorkflowExecutionStartedEventAttributes Child(
        StartChildWorkflowExecutionInitiatedEventAttributes initiated,
        RunKey parent,
        WorkflowExecutionStartedEventAttributes parentStarted,
        long initiatedId,
        RunContext context,
        DateTimeOffset now)
    {
        var attributes = new WorkflowExecutionStartedEventAttributes
        {
            WorkflowType = initiated.WorkflowType,
            ParentWorkflowNamespace = parent.Namespace,
            ParentWorkflowNamespaceId = context.NamespaceId(parent.Namespace),
            ParentWorkflowExecution = new WorkflowExecution { WorkflowId = parent.WorkflowId, RunId = parent.RunId },
            ParentInitiatedEventId = initiatedId,
            RootWorkflowExecution = parentStarted.RootWorkflowExecution ?? new WorkflowExecution { WorkflowId = parent.WorkflowId, RunId = parent.RunId },
            TaskQueue = initiated.TaskQueue,
            Input = initiated.Input,
            WorkflowExecutionTimeout = initiated.WorkflowExecutionTimeout?.ToTimeSpan() > TimeSpan.Zero ? initiated.WorkflowExecutionTimeout : null,
            WorkflowRunTimeout = initiated.WorkflowRunTimeout ?? new(),
            WorkflowTaskTimeout = initiated.WorkflowTaskTimeout,
            RetryPolicy = initiated.RetryPolicy,
            CronSchedule = initiated.CronSchedule,
            Memo = initiated.Memo,
            SearchAttributes = initiated.SearchAttributes,
            Header = initiated.Header,
            Priority = Priorities.Merge(parentStarted.Priority, initiated.Priority),
            WorkflowId = initiated.WorkflowId,
        };
        Complete(attributes, TimeSpan.Zero, now);
        return attributes;
    }
}
