using Temporalio.Api.Enums.V1;

namespace Durable.Server.Executions;

/// <summary>The run has ended.</summary>
public sealed record RunClosed(WorkflowExecutionStatus Status) : ExecutionEffect;
