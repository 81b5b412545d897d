using Temporalio.Api.Enums.V1;

namespace Durable.Server.Executions;

/// <summary>The outcome of a START_CHILD outbox entry. Repeating it does nothing.</summary>
/// <param name="RunId">The child's run; null when it did not start.</param>
public sealed record ResolveChildStart(
    long OutboxId,
    long InitiatedEventId,
    string? RunId,
    StartChildWorkflowExecutionFailedCause Cause = StartChildWorkflowExecutionFailedCause.Unspecified) : ExecutionCommand;
