using Temporalio.Api.Enums.V1;

namespace Durable.Server.Executions;

/// <summary>The outcome of a SIGNAL_EXTERNAL outbox entry. Repeating it does nothing.</summary>
/// <param name="Cause">Null: delivered.</param>
public sealed record ResolveExternalSignal(long OutboxId, SignalExternalWorkflowExecutionFailedCause? Cause) : ExecutionCommand;
