using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Durable.Server.Executions;

/// <summary>A run that starts over from an earlier point of another one's history.</summary>
public sealed record ResetRun
{
    public required string Namespace { get; init; }

    public required string WorkflowId { get; init; }

    /// <summary>The run whose history is copied.</summary>
    public required string BaseRunId { get; init; }

    public required string NewRunId { get; init; }

    public required string RequestId { get; init; }

    public required string Reason { get; init; }

    /// <summary>The event that ended the workflow task which is to be done again: everything before it is kept.</summary>
    public required long WorkflowTaskFinishEventId { get; init; }

    /// <summary>All stored events of the base run.</summary>
    public required IReadOnlyList<HistoryEvent> History { get; init; }

    /// <summary>What arrived there after the last stored event.</summary>
    public IReadOnlyList<HistoryEvent> Buffered { get; init; } = [];

    /// <summary>What the runs hold that continued it as new, up to the current one.</summary>
    public IReadOnlyList<HistoryEvent> Following { get; init; } = [];

    public ResetReapplyType ReapplyType { get; init; }

    public IReadOnlyCollection<ResetReapplyExcludeType> ReapplyExclude { get; init; } = [];
}
