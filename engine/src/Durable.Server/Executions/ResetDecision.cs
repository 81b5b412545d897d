using Temporalio.Api.History.V1;

namespace Durable.Server.Executions;

/// <param name="CopiedBatches">The copied history; <see cref="Decision.Events"/> is the batch after it.</param>
public sealed record ResetDecision(Execution Execution, IReadOnlyList<IReadOnlyList<HistoryEvent>> CopiedBatches, Decision Decision);
