namespace Durable.Server.Executions;

/// <summary>Does everything that is due at the context's time.</summary>
public sealed record FireDueTimers : ExecutionCommand;
