using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Worker.Internal.Jobs;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Language;

/// <summary>Makes <see cref="WorkflowInfo"/> from the first event, and what logs show of it.</summary>
internal static class WorkflowInfos
{
    private static readonly TimeSpan DefaultTaskTimeout = TimeSpan.FromSeconds(10);

    public static WorkflowInfo Create(
        WorkflowEnvironmentInfo environment,
        InitializeJob start,
        string runId,
        DateTime firstTaskTime,
        IPayloadConverter payloadConverter,
        IFailureConverter failureConverter)
    {
        var started = start.Started;
        return new WorkflowInfo(
            Attempt: started.Attempt,
            ContinuedRunId: NullIfEmpty(started.ContinuedExecutionRunId),
            CronSchedule: NullIfEmpty(started.CronSchedule),
            ExecutionTimeout: Protos.Span(started.WorkflowExecutionTimeout),
            FirstExecutionRunId: started.FirstExecutionRunId,
            Headers: started.Header?.Fields,
            LastFailure: started.ContinuedFailure is null ? null : failureConverter.ToException(started.ContinuedFailure, payloadConverter),
            LastResult: started.LastCompletionResult?.Payloads_.Select(static payload => new RawValue(payload)).ToArray(),
            Namespace: environment.Namespace,
            Parent: started.ParentWorkflowExecution is null
                ? null
                : new(started.ParentWorkflowNamespace, started.ParentWorkflowExecution.RunId, started.ParentWorkflowExecution.WorkflowId),
            Priority: started.Priority is null ? Priority.Default : Protos.Priority(started.Priority),
            RetryPolicy: Protos.RetryPolicy(started.RetryPolicy),
            Root: started.RootWorkflowExecution is null ? null : new(started.RootWorkflowExecution.RunId, started.RootWorkflowExecution.WorkflowId),
            RunId: runId,
            RunTimeout: Protos.Span(started.WorkflowRunTimeout),
            StartTime: firstTaskTime,
            TaskQueue: environment.TaskQueue,
            TaskTimeout: Protos.Span(started.WorkflowTaskTimeout) ?? DefaultTaskTimeout,
            WorkflowId: started.WorkflowId,
            WorkflowStartTime: start.StartTime,
            WorkflowType: started.WorkflowType.Name);
    }

    public static Dictionary<string, object> LogScope(this WorkflowInfo info) => new(6)
    {
        ["Attempt"] = info.Attempt,
        ["Namespace"] = info.Namespace,
        ["RunId"] = info.RunId,
        ["TaskQueue"] = info.TaskQueue,
        ["WorkflowId"] = info.WorkflowId,
        ["WorkflowType"] = info.WorkflowType,
    };

    private static string? NullIfEmpty(string value) => value.Length == 0 ? null : value;
}
