namespace Temporalio.Client.Schedules;

/// <summary>What a listed schedule did and will do.</summary>
public record ScheduleListInfo(IReadOnlyCollection<ScheduleActionResult> RecentActions, IReadOnlyCollection<DateTime> NextActionTimes);
