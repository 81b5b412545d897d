using Temporalio.Api.Common.V1;

namespace Durable.Server.Executions;

/// <summary>The worker reports that the attempt ended by cancellation.</summary>
public sealed record CancelActivityTask(ActivityTarget Target, Payloads? Details, string Identity) : ExecutionCommand;
