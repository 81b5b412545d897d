namespace Temporalio.Client.Schedules;

/// <summary>State of a listed schedule.</summary>
public record ScheduleListState(string? Note, bool Paused);
