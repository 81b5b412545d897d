using Temporalio.Api.Common.V1;

namespace Durable.Server.Executions;

public sealed record CompleteActivityTask(ActivityTarget Target, Payloads? Result, string Identity) : ExecutionCommand;
