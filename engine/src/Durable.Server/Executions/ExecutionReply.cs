namespace Durable.Server.Executions;

/// <summary>What a command answers.</summary>
public abstract record ExecutionReply;
