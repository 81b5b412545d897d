namespace Temporalio.Activities;

/// <summary>Everything that is known about a cancellation.</summary>
public class ActivityCancellationDetails
{
    /// <summary>The server does not know the attempt any more: timed out, or the workflow has closed.</summary>
    public bool IsGoneFromServer { get; init; }

    public bool IsCancelRequested { get; init; }

    public bool IsTimedOut { get; init; }

    public bool IsWorkerShutdown { get; init; }

    public bool IsHeartbeatRecordFailure { get; init; }

    public bool IsPaused { get; init; }

    public bool IsReset { get; init; }
}
