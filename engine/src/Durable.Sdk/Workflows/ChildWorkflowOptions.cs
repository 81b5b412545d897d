using Temporalio.Api.Enums.V1;
using Temporalio.Common;

namespace Temporalio.Workflows;

/// <summary>How to start a child workflow.</summary>
public class ChildWorkflowOptions : ICloneable
{
    /// <summary>Null: a GUID from <see cref="Workflow.NewGuid"/>, the same on replay.</summary>
    public string? Id { get; set; }

    /// <summary>Null: the workflow's task queue.</summary>
    public string? TaskQueue { get; set; }

    /// <summary>One line for people, fixed at the start.</summary>
    public string? StaticSummary { get; set; }

    /// <summary>Text for people, several lines, fixed at the start.</summary>
    public string? StaticDetails { get; set; }

    /// <summary>Null: the child is not retried.</summary>
    public RetryPolicy? RetryPolicy { get; set; }

    /// <summary>Default <see cref="ChildWorkflowCancellationType.WaitCancellationCompleted"/>.</summary>
    public ChildWorkflowCancellationType CancellationType { get; set; } = ChildWorkflowCancellationType.WaitCancellationCompleted;

    /// <summary>Cancels the call; null: <see cref="Workflow.CancellationToken"/>. Use <see cref="CancellationToken.None"/> for work that outlives a cancellation.</summary>
    public CancellationToken? CancellationToken { get; set; }

    /// <summary>Default <see cref="ParentClosePolicy.Terminate"/>.</summary>
    public ParentClosePolicy ParentClosePolicy { get; set; } = ParentClosePolicy.Terminate;

    /// <summary>Limit for the child with its retries and continued runs.</summary>
    public TimeSpan? ExecutionTimeout { get; set; }

    /// <summary>Limit for one run.</summary>
    public TimeSpan? RunTimeout { get; set; }

    /// <summary>Limit for one workflow task; null: 10 s.</summary>
    public TimeSpan? TaskTimeout { get; set; }

    /// <summary>Default <see cref="WorkflowIdReusePolicy.AllowDuplicate"/>.</summary>
    public WorkflowIdReusePolicy IdReusePolicy { get; set; } = WorkflowIdReusePolicy.AllowDuplicate;

    /// <summary>Starts the child again on this schedule.</summary>
    public string? CronSchedule { get; set; }

    public IReadOnlyDictionary<string, object>? Memo { get; set; }

    public SearchAttributeCollection? TypedSearchAttributes { get; set; }

    [Obsolete("Worker versioning by build id sets is gone; use worker deployments")]
    public VersioningIntent VersioningIntent { get; set; } = VersioningIntent.Unspecified;

    /// <summary>Null: the workflow's.</summary>
    public Priority? Priority { get; set; }

    /// <summary>A shallow copy; collections are shared.</summary>
    public virtual object Clone() => MemberwiseClone();
}
