namespace Durable.Server.Executions;

/// <summary>The parent has recorded this child's start: the first workflow task may be scheduled. Repeating it does nothing.</summary>
public sealed record ReleaseFirstWorkflowTask : ExecutionCommand;
