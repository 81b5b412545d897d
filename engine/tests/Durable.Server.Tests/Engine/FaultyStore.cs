using Durable.Server.Storage;
using Durable.Server.Visibility;

namespace Durable.Server.Tests.Engine;

/// <summary>A store whose writes fail or wait when a test says so. What fails is not stored.</summary>
internal sealed class FaultyStore(IServerStore inner) : IServerStore
{
    private int cut;

    /// <summary>Asked before each write; true: it fails.</summary>
    public Func<StoreTransaction, bool> Fails { get; set; } = static _ => false;

    /// <summary>Runs after a write is stored and before its caller hears of it.</summary>
    public Func<StoreTransaction, Task> Stored { get; set; } = static _ => Task.CompletedTask;

    public int Failures { get; private set; }

    /// <summary>From now on nothing is written: the process that used this store has crashed.</summary>
    public void Cut() => Volatile.Write(ref cut, 1);

    public async Task CommitAsync(StoreTransaction transaction)
    {
        if (Volatile.Read(ref cut) == 1 || Fails(transaction))
        {
            Failures++;
            throw new StoreUnavailableException("the disk is full", new IOException("No space left on device"));
        }
        await inner.CommitAsync(transaction);
        await Stored(transaction);
    }

    public ValueTask<StoredRun?> FindRunAsync(RunKey key) => inner.FindRunAsync(key);

    public ValueTask<CurrentRun?> FindCurrentRunAsync(string namespaceName, string workflowId) => inner.FindCurrentRunAsync(namespaceName, workflowId);

    public ValueTask<IReadOnlyList<HistoryBatch>> ReadHistoryAsync(RunKey key, long fromEventId, int maximumBatches) =>
        inner.ReadHistoryAsync(key, fromEventId, maximumBatches);

    public ValueTask<IReadOnlyList<HistoryBatch>> ReadHistoryReverseAsync(RunKey key, long beforeEventId, int maximumBatches) =>
        inner.ReadHistoryReverseAsync(key, beforeEventId, maximumBatches);

    public ValueTask<IReadOnlyList<RunKey>> ReadReadyRunsAsync(RunKey? after, int maximum) => inner.ReadReadyRunsAsync(after, maximum);

    public ValueTask<IReadOnlyList<DueRun>> ReadDueRunsAsync(DateTimeOffset before, int maximum) => inner.ReadDueRunsAsync(before, maximum);

    public ValueTask<VisibilityPage> ListAsync(VisibilityRequest query) => inner.ListAsync(query);

    public ValueTask<IReadOnlyList<VisibilityCount>> CountAsync(VisibilityRequest query) => inner.CountAsync(query);

    public ValueTask<byte[]?> FindDocumentAsync(DocumentKey key) => inner.FindDocumentAsync(key);

    public ValueTask<IReadOnlyList<KeyValuePair<DocumentKey, byte[]>>> ReadDocumentsAsync(string kind, string namespaceName, string? afterId, int maximum) =>
        inner.ReadDocumentsAsync(kind, namespaceName, afterId, maximum);

    public ValueTask<IReadOnlyList<DueDocument>> ReadDueDocumentsAsync(string kind, DateTimeOffset before, int maximum) =>
        inner.ReadDueDocumentsAsync(kind, before, maximum);

    public ValueTask<IReadOnlyList<RunKey>> ReadExpiredRunsAsync(string namespaceName, DateTimeOffset closedBefore, int maximum) =>
        inner.ReadExpiredRunsAsync(namespaceName, closedBefore, maximum);

    // The inner store outlives the server that a test crashes.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
