using Temporalio.Api.Common.V1;

namespace Durable.Server.Executions;

/// <summary>Answers <see cref="ActivityHeartbeatRecorded"/>.</summary>
public sealed record HeartbeatActivityTask(ActivityTarget Target, Payloads? Details, string Identity) : ExecutionCommand;
