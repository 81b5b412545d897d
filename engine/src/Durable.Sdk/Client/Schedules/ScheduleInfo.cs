namespace Temporalio.Client.Schedules;

/// <summary>What a schedule did and will do. Times are UTC.</summary>
/// <param name="NextActionTimes">The next few.</param>
/// <param name="RecentActions">The last few, oldest first.</param>
public record ScheduleInfo(
    long NumActions,
    long NumActionsMissedCatchupWindow,
    long NumActionsSkippedOverlap,
    IReadOnlyCollection<ScheduleActionExecution> RunningActions,
    IReadOnlyCollection<ScheduleActionResult> RecentActions,
    IReadOnlyCollection<DateTime> NextActionTimes,
    DateTime CreatedAt,
    DateTime? LastUpdatedAt);
