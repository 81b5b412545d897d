namespace Temporalio.Client.Schedules;

/// <summary>An action that was taken. Times are UTC.</summary>
/// <param name="ScheduledAt">When it was due, with jitter.</param>
/// <param name="StartedAt">When it was taken.</param>
public record ScheduleActionResult(DateTime ScheduledAt, DateTime StartedAt, ScheduleActionExecution Action);
