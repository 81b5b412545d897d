using Durable.Server.Storage;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Executions;

/// <summary>Creates a run from the beginning of another one's history; see <see cref="Execution.Reset"/>.</summary>
public sealed record ResetRun
{
    /// <summary>The run whose history is copied. Its in-memory state is only read.</summary>
    public required Execution Base { get; init; }

    /// <summary>Its whole stored history, batch by batch.</summary>
    public required IReadOnlyList<IReadOnlyList<HistoryEvent>> History { get; init; }

    /// <summary>Histories of the later runs of its chain, whose signals are applied again; null: none.</summary>
    public IReadOnlyList<IReadOnlyList<HistoryEvent>>? LaterRuns { get; init; }

    public required ResetWorkflowExecutionRequest Request { get; init; }

    public required string NewRunId { get; init; }
}
