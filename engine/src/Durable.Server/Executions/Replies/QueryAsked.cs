using Temporalio.Api.Enums.V1;

namespace Durable.Server.Executions;

/// <param name="RejectedBy">The run's status, when the reject condition holds; nothing follows then.</param>
public sealed record QueryAsked(WorkflowExecutionStatus? RejectedBy) : ExecutionReply;
