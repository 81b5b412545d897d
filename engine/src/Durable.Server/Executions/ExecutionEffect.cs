namespace Durable.Server.Executions;

/// <summary>Something the shell does after the commit.</summary>
public abstract record ExecutionEffect;
