using Temporalio.Api.Enums.V1;

namespace Durable.Server.Executions;

/// <summary>The outcome of a CANCEL_EXTERNAL outbox entry. Repeating it does nothing.</summary>
/// <param name="Cause">Null: delivered.</param>
public sealed record ResolveExternalCancel(long OutboxId, CancelExternalWorkflowExecutionFailedCause? Cause) : ExecutionCommand;
