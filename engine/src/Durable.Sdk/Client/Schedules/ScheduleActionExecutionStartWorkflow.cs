namespace Temporalio.Client.Schedules;

/// <summary>A workflow that a schedule started.</summary>
public record ScheduleActionExecutionStartWorkflow(string WorkflowId, string FirstExecutionRunId) : ScheduleActionExecution;
