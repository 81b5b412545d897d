namespace Temporalio.Exceptions;

/// <summary>The id of an activity without a workflow is taken.</summary>
public class ActivityAlreadyStartedException : FailureException
{
    public ActivityAlreadyStartedException(string message, string activityId, string activityType, string? runId)
        : base(message)
    {
        ActivityId = activityId;
        ActivityType = activityType;
        RunId = runId;
    }

    public string ActivityId { get; }

    public string ActivityType { get; }

    /// <summary>Of the run that has the id, when the server says it.</summary>
    public string? RunId { get; }
}
