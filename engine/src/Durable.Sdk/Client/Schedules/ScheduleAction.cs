namespace Temporalio.Client.Schedules;

/// <summary>What a schedule does: <see cref="ScheduleActionStartWorkflow"/>.</summary>
public abstract record ScheduleAction;
