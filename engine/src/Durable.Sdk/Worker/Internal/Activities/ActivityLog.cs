using Microsoft.Extensions.Logging;

namespace Temporalio.Worker.Internal.Activities;

internal static partial class ActivityLog
{
    [LoggerMessage(20, LogLevel.Warning, "Activity {ActivityType} with ID {ActivityId} failed in attempt {Attempt}")]
    public static partial void Failed(ILogger logger, Exception exception, string activityType, string activityId, int attempt);

    [LoggerMessage(21, LogLevel.Warning, "The server does not want the result of activity {ActivityType} with ID {ActivityId} any more")]
    public static partial void NotWanted(ILogger logger, string activityType, string activityId);

    [LoggerMessage(22, LogLevel.Error, "The result of activity {ActivityType} with ID {ActivityId} could not be reported")]
    public static partial void ReportFailed(ILogger logger, Exception exception, string activityType, string activityId);
}
