using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;

namespace Durable.Server.Executions;

public sealed record FailActivityTask(ActivityTarget Target, Failure? Failure, Payloads? LastHeartbeatDetails, string Identity) : ExecutionCommand;
