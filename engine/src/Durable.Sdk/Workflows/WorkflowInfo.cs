using Temporalio.Api.Common.V1;
using Temporalio.Converters;
using Priority = Temporalio.Common.Priority;
using RetryPolicy = Temporalio.Common.RetryPolicy;

namespace Temporalio.Workflows;

/// <summary>What is fixed about a run when it starts; the same on replay.</summary>
/// <param name="Attempt">From 1; grows with the workflow's retry policy.</param>
/// <param name="ContinuedRunId">The run this one continues, after continue-as-new, retry or cron.</param>
/// <param name="FirstExecutionRunId">The first run of the chain.</param>
/// <param name="LastFailure">Why the run before failed, for retries and cron.</param>
/// <param name="LastResult">The result of the last successful run, for cron.</param>
/// <param name="Root">The top of the tree of parents; null in a workflow without parent.</param>
/// <param name="StartTime">UTC, when the first workflow task was taken up.</param>
/// <param name="WorkflowStartTime">UTC, when the server started the run.</param>
public record WorkflowInfo(
    int Attempt,
    string? ContinuedRunId,
    string? CronSchedule,
    TimeSpan? ExecutionTimeout,
    string FirstExecutionRunId,
    IReadOnlyDictionary<string, Payload>? Headers,
    Exception? LastFailure,
    IReadOnlyCollection<IRawValue>? LastResult,
    string Namespace,
    WorkflowInfo.ParentInfo? Parent,
    Priority Priority,
    RetryPolicy? RetryPolicy,
    WorkflowInfo.RootInfo? Root,
    string RunId,
    TimeSpan? RunTimeout,
    DateTime StartTime,
    string TaskQueue,
    TimeSpan TaskTimeout,
    string WorkflowId,
    DateTime WorkflowStartTime,
    string WorkflowType)
{
    /// <summary>The workflow that started this one as its child.</summary>
    public record ParentInfo(string Namespace, string RunId, string WorkflowId);

    /// <summary>The workflow at the top of the tree.</summary>
    public record RootInfo(string RunId, string WorkflowId);
}
