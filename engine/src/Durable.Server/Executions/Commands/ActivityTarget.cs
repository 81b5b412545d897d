namespace Durable.Server.Executions;

/// <summary>An activity by the token of an attempt, or by its id whatever the attempt.</summary>
public readonly record struct ActivityTarget(TaskToken? Token, string? ActivityId)
{
    public static ActivityTarget Of(TaskToken token) => new(token, null);

    public static ActivityTarget ById(string activityId) => new(null, activityId);
}
