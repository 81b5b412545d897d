namespace Durable.Server.Executions;

/// <summary>Nobody waits for the answer any more.</summary>
public sealed record AbandonQuery(string QueryId) : ExecutionCommand;
