namespace Temporalio.Client.Schedules;

/// <summary>Starts a workflow of a type.</summary>
public record ScheduleListActionStartWorkflow(string Workflow) : ScheduleListAction;
