namespace Temporalio.Client.Schedules;

/// <summary>What a list says of a schedule.</summary>
public record ScheduleListSchedule(ScheduleListAction Action, ScheduleSpec Spec, ScheduleListState State);
