namespace Temporalio.Client.Schedules;

/// <summary>What an updater decides by.</summary>
public record ScheduleUpdateInput(ScheduleDescription Description);
