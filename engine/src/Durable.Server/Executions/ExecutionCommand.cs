namespace Durable.Server.Executions;

/// <summary>Something that happens to a run; see <see cref="Execution.Handle"/>.</summary>
public abstract record ExecutionCommand;
