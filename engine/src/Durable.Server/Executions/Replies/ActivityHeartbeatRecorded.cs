namespace Durable.Server.Executions;

public sealed record ActivityHeartbeatRecorded(bool CancelRequested) : ExecutionReply;
