using Temporalio.Common;

namespace Temporalio.Workflows;

/// <summary>How to run an activity. One of <see cref="ScheduleToCloseTimeout"/> and <see cref="StartToCloseTimeout"/> is required.</summary>
public class ActivityOptions : ICloneable
{
    /// <summary>Limit for all attempts together; null: no limit.</summary>
    public TimeSpan? ScheduleToCloseTimeout { get; set; }

    /// <summary>Limit for the wait in the task queue; never retried. Null: no limit.</summary>
    public TimeSpan? ScheduleToStartTimeout { get; set; }

    /// <summary>Limit for one attempt.</summary>
    public TimeSpan? StartToCloseTimeout { get; set; }

    /// <summary>Longest pause between heartbeats; null: heartbeats are not watched.</summary>
    public TimeSpan? HeartbeatTimeout { get; set; }

    /// <summary>Null: the server's default, unlimited attempts from 1 s doubling to 100 s.</summary>
    public RetryPolicy? RetryPolicy { get; set; }

    /// <summary>Default <see cref="ActivityCancellationType.TryCancel"/>.</summary>
    public ActivityCancellationType CancellationType { get; set; } = ActivityCancellationType.TryCancel;

    /// <summary>Cancels the call; null: <see cref="Workflow.CancellationToken"/>. Use <see cref="CancellationToken.None"/> for work that outlives a cancellation.</summary>
    public CancellationToken? CancellationToken { get; set; }

    /// <summary>Null: the workflow's task queue.</summary>
    public string? TaskQueue { get; set; }

    /// <summary>One line for people, shown with the activity; fixed when scheduled.</summary>
    public string? Summary { get; set; }

    /// <summary>Null: the command's number. Must be unique among the running activities of the run.</summary>
    public string? ActivityId { get; set; }

    /// <summary>Do not ask for the activity in the answer to the workflow task.</summary>
    public bool DisableEagerActivityExecution { get; set; }

    [Obsolete("Worker versioning by build id sets is gone; use worker deployments")]
    public VersioningIntent VersioningIntent { get; set; } = VersioningIntent.Unspecified;

    /// <summary>Null: the workflow's.</summary>
    public Priority? Priority { get; set; }

    /// <summary>A shallow copy; collections are shared.</summary>
    public virtual object Clone() => MemberwiseClone();
}
