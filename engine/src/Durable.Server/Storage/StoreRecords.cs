using Temporalio.Api.Enums.V1;

namespace Durable.Server.Storage;

/// <summary>Names one run.</summary>
public readonly record struct RunKey(string Namespace, string WorkflowId, string RunId);

/// <summary>The latest run of a workflow id, with what start policies ask about it.</summary>
public sealed record CurrentRun(
    string RunId,
    string FirstExecutionRunId,
    string CreateRequestId,
    WorkflowExecutionStatus Status,
    DateTimeOffset StartTime);

/// <summary>The state of a run as <c>Executions.RunState</c> bytes.</summary>
public sealed record StoredRun(RunKey Key, byte[] State);

/// <summary>Events of one transaction: <c>temporal.api.history.v1.History</c> bytes with contiguous event ids.</summary>
public sealed record HistoryBatch(long FirstEventId, long LastEventId, byte[] Events);

/// <summary>A run and the time at which it next needs attention.</summary>
public readonly record struct DueRun(RunKey Key, DateTimeOffset At);

/// <summary>One atomic write.</summary>
public sealed class StoreTransaction
{
    public List<RunWrite> Runs { get; } = [];

    /// <summary>Runs whose state, history and visibility go away; a current-run pointer to one of them goes too.</summary>
    public List<RunKey> DeletedRuns { get; } = [];

    public List<DocumentWrite> Documents { get; } = [];
}

/// <summary>What a transaction writes of one run.</summary>
public sealed class RunWrite
{
    public required RunKey Key { get; init; }

    /// <summary>Replaces the stored state.</summary>
    public required byte[] State { get; init; }

    /// <summary>Appended behind what is there; never rewritten. Usually none or one; a copied history (reset) has several.</summary>
    public IReadOnlyList<HistoryBatch> NewBatches { get; init; } = [];

    /// <summary>Set when this run becomes (or still is, with another status) the latest of its workflow id; null leaves the pointer alone.</summary>
    public CurrentRun? Current { get; init; }

    /// <summary>Null: no timer.</summary>
    public DateTimeOffset? NextTimerAt { get; init; }

    /// <summary>A workflow task, an activity or an outbox entry waits for a dispatch, so recovery must load this run.</summary>
    public bool HasReadyWork { get; init; }

    /// <summary>Null leaves the visibility row as it is.</summary>
    public VisibilityRow? Visibility { get; init; }
}

/// <summary>Kind (<c>namespace</c>, <c>schedule</c>…), namespace ("" for kinds that have none) and id of a document.</summary>
public readonly record struct DocumentKey(string Kind, string Namespace, string Id);

/// <param name="Value">Null deletes the document.</param>
/// <param name="DueAt">When the document needs attention (<see cref="IServerStore.ReadDueDocumentsAsync"/>); null: never.</param>
public sealed record DocumentWrite(DocumentKey Key, byte[]? Value, DateTimeOffset? DueAt = null);

/// <summary>A document and the time at which it needs attention.</summary>
public readonly record struct DueDocument(DocumentKey Key, DateTimeOffset At);

/// <summary>A write failed and nothing of it is stored, or a read failed.</summary>
public sealed class StoreUnavailableException(string message, Exception inner) : Exception(message, inner);
