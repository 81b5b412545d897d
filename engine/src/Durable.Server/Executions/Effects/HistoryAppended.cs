namespace Durable.Server.Executions;

/// <summary>Wake long polls of the history.</summary>
public sealed record HistoryAppended(long LastEventId, bool Closed) : ExecutionEffect;
