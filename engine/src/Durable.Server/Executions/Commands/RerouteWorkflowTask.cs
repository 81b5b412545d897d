namespace Durable.Server.Executions;

/// <summary>Nobody polls the sticky queue: the task goes to the normal queue, without an event.</summary>
public sealed record RerouteWorkflowTask(long Serial) : ExecutionCommand;
