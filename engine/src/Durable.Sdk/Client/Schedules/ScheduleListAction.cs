namespace Temporalio.Client.Schedules;

/// <summary>What a listed schedule does: <see cref="ScheduleListActionStartWorkflow"/>.</summary>
public abstract record ScheduleListAction;
