using Temporalio.Common;

namespace Temporalio.Workflows;

/// <summary>How to run an activity inside the worker that runs the workflow. One of <see cref="ScheduleToCloseTimeout"/> and <see cref="StartToCloseTimeout"/> is required.</summary>
public class LocalActivityOptions : ICloneable
{
    /// <summary>Limit for all attempts together; null: no limit.</summary>
    public TimeSpan? ScheduleToCloseTimeout { get; set; }

    /// <summary>Limit for the wait for a slot; null: no limit.</summary>
    public TimeSpan? ScheduleToStartTimeout { get; set; }

    /// <summary>Limit for one attempt.</summary>
    public TimeSpan? StartToCloseTimeout { get; set; }

    /// <summary>Null: unlimited attempts from 1 s doubling to 100 s.</summary>
    public RetryPolicy? RetryPolicy { get; set; }

    /// <summary>Default <see cref="ActivityCancellationType.TryCancel"/>.</summary>
    public ActivityCancellationType CancellationType { get; set; } = ActivityCancellationType.TryCancel;

    /// <summary>Cancels the call; null: <see cref="Workflow.CancellationToken"/>. Use <see cref="CancellationToken.None"/> for work that outlives a cancellation.</summary>
    public CancellationToken? CancellationToken { get; set; }

    /// <summary>Null: the command's number.</summary>
    public string? ActivityId { get; set; }

    /// <summary>A back-off longer than this becomes a timer in the history; null: one minute.</summary>
    public TimeSpan? LocalRetryThreshold { get; set; }

    /// <summary>One line for people.</summary>
    public string? Summary { get; set; }

    /// <summary>A shallow copy; collections are shared.</summary>
    public virtual object Clone() => MemberwiseClone();
}
