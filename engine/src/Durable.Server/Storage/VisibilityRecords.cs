using Durable.Server.Visibility;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Storage;

/// <summary>What list and count know of a run: the columns of Temporal's visibility store.</summary>
public sealed record VisibilityRow
{
    public required RunKey Key { get; init; }

    public required string WorkflowType { get; init; }

    public required string TaskQueue { get; init; }

    public required WorkflowExecutionStatus Status { get; init; }

    public required DateTimeOffset StartTime { get; init; }

    /// <summary>Start time plus start delay or back-off.</summary>
    public required DateTimeOffset ExecutionTime { get; init; }

    /// <summary>Null while open, like the three that follow.</summary>
    public DateTimeOffset? CloseTime { get; init; }

    public long? HistoryLength { get; init; }

    public long? HistorySizeBytes { get; init; }

    public long? StateTransitionCount { get; init; }

    public string? ParentWorkflowId { get; init; }

    public string? ParentRunId { get; init; }

    public string? RootWorkflowId { get; init; }

    public string? RootRunId { get; init; }

    public Memo? Memo { get; init; }

    /// <summary>Custom and system attributes with their payloads (metadata <c>type</c> set).</summary>
    public SearchAttributes? SearchAttributes { get; init; }
}

/// <summary>A list or count request, its query parsed and checked.</summary>
/// <param name="Filter">Null: all runs of the namespace.</param>
/// <param name="GroupByStatus">Count only.</param>
public sealed record VisibilityRequest(
    string Namespace,
    VisibilityExpression? Filter,
    int PageSize = 0,
    byte[]? PageToken = null,
    bool GroupByStatus = false);

/// <param name="NextPageToken">Null when nothing follows.</param>
public sealed record VisibilityPage(IReadOnlyList<VisibilityRow> Rows, byte[]? NextPageToken);

/// <param name="Status">Set for a grouped count.</param>
public readonly record struct VisibilityCount(WorkflowExecutionStatus? Status, long Count);
