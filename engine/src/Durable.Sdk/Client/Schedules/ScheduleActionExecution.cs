namespace Temporalio.Client.Schedules;

/// <summary>What an action led to: <see cref="ScheduleActionExecutionStartWorkflow"/>.</summary>
public abstract record ScheduleActionExecution;
