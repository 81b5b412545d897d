namespace Durable.Server.Storage;

/// <summary>
/// Where the server keeps what it acknowledged. Two implementations pass one compliance suite: <c>MemoryStore</c>
/// and the SQLite store.
/// </summary>
/// <remarks>
/// Thread-safe. Reads see every commit whose task has completed. The server runs one process on a store and serialises
/// writes to the same run itself, so transactions carry no preconditions.
/// </remarks>
public interface IServerStore : IAsyncDisposable
{
    /// <summary>
    /// Writes the whole transaction or nothing. When the task completes, the data survives a crash of the process and of
    /// the machine (SQLite: one fsync is shared by all transactions that wait at that moment).
    /// </summary>
    /// <exception cref="StoreUnavailableException">The write failed (disk full, I/O error): nothing of it is stored, now or later.</exception>
    Task CommitAsync(StoreTransaction transaction);

    /// <summary>The stored state of a run; null when there is no such run.</summary>
    ValueTask<StoredRun?> FindRunAsync(RunKey key);

    /// <summary>The latest run of a workflow id; null when the id was never used or its runs are deleted.</summary>
    ValueTask<CurrentRun?> FindCurrentRunAsync(string namespaceName, string workflowId);

    /// <summary>
    /// Batches of a run's history in order, from the batch that holds <paramref name="fromEventId"/> on,
    /// at most <paramref name="maximumBatches"/> of them.
    /// </summary>
    ValueTask<IReadOnlyList<HistoryBatch>> ReadHistoryAsync(RunKey key, long fromEventId, int maximumBatches);

    /// <summary>The same from the end backwards: batches that end before <paramref name="beforeEventId"/>, latest first.</summary>
    ValueTask<IReadOnlyList<HistoryBatch>> ReadHistoryReverseAsync(RunKey key, long beforeEventId, int maximumBatches);

    /// <summary>Open runs that wait for a dispatch (<see cref="RunWrite.HasReadyWork"/>), for recovery at start; paged by the last key of the page before.</summary>
    ValueTask<IReadOnlyList<RunKey>> ReadReadyRunsAsync(RunKey? after, int maximum);

    /// <summary>Runs whose next timer is due before <paramref name="before"/>, earliest first.</summary>
    ValueTask<IReadOnlyList<DueRun>> ReadDueRunsAsync(DateTimeOffset before, int maximum);

    /// <summary>Runs that <paramref name="query"/> selects, as visibility rows; see <c>Visibility/</c>.</summary>
    ValueTask<VisibilityPage> ListAsync(VisibilityRequest query);

    ValueTask<IReadOnlyList<VisibilityCount>> CountAsync(VisibilityRequest query);

    /// <summary>A small document (namespace, search attributes, schedule) by kind and id.</summary>
    ValueTask<byte[]?> FindDocumentAsync(DocumentKey key);

    /// <summary>Documents of one kind and namespace in id order; <paramref name="afterId"/> excluded.</summary>
    ValueTask<IReadOnlyList<KeyValuePair<DocumentKey, byte[]>>> ReadDocumentsAsync(string kind, string namespaceName, string? afterId, int maximum);

    /// <summary>Documents of one kind, in all namespaces, that are due before <paramref name="before"/>, earliest first.</summary>
    ValueTask<IReadOnlyList<DueDocument>> ReadDueDocumentsAsync(string kind, DateTimeOffset before, int maximum);

    /// <summary>Closed runs of a namespace that closed before <paramref name="closedBefore"/>, earliest first, for retention.</summary>
    ValueTask<IReadOnlyList<RunKey>> ReadExpiredRunsAsync(string namespaceName, DateTimeOffset closedBefore, int maximum);
}
