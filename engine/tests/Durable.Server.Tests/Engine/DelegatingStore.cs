using Durable.Server.Storage;
using Durable.Server.Visibility;

namespace Durable.Server.Tests.Engine;

/// <summary>A store in front of another one; what is not overridden goes through.</summary>
internal abstract class DelegatingStore(IServerStore inner) : IServerStore
{
    public virtual Task CommitAsync(StoreTransaction transaction) => inner.CommitAsync(transaction);

    public virtual ValueTask<StoredRun?> FindRunAsync(RunKey key) => inner.FindRunAsync(key);

    public virtual ValueTask<CurrentRun?> FindCurrentRunAsync(string namespaceName, string workflowId) => inner.FindCurrentRunAsync(namespaceName, workflowId);

    public virtual ValueTask<IReadOnlyList<HistoryBatch>> ReadHistoryAsync(RunKey key, long fromEventId, int maximumBatches) =>
        inner.ReadHistoryAsync(key, fromEventId, maximumBatches);

    public virtual ValueTask<IReadOnlyList<HistoryBatch>> ReadHistoryReverseAsync(RunKey key, long beforeEventId, int maximumBatches) =>
        inner.ReadHistoryReverseAsync(key, beforeEventId, maximumBatches);

    public virtual ValueTask<IReadOnlyList<RunKey>> ReadReadyRunsAsync(RunKey? after, int maximum) => inner.ReadReadyRunsAsync(after, maximum);

    public virtual ValueTask<IReadOnlyList<DueRun>> ReadDueRunsAsync(DateTimeOffset before, int maximum) => inner.ReadDueRunsAsync(before, maximum);

    public virtual ValueTask<VisibilityPage> ListAsync(VisibilityRequest query) => inner.ListAsync(query);

    public virtual ValueTask<IReadOnlyList<VisibilityCount>> CountAsync(VisibilityRequest query) => inner.CountAsync(query);

    public virtual ValueTask<byte[]?> FindDocumentAsync(DocumentKey key) => inner.FindDocumentAsync(key);

    public virtual ValueTask<IReadOnlyList<KeyValuePair<DocumentKey, byte[]>>> ReadDocumentsAsync(string kind, string namespaceName, string? afterId, int maximum) =>
        inner.ReadDocumentsAsync(kind, namespaceName, afterId, maximum);

    public virtual ValueTask<IReadOnlyList<DueDocument>> ReadDueDocumentsAsync(string kind, DateTimeOffset before, int maximum) =>
        inner.ReadDueDocumentsAsync(kind, before, maximum);

    public virtual ValueTask<IReadOnlyList<RunKey>> ReadExpiredRunsAsync(string namespaceName, DateTimeOffset closedBefore, int maximum) =>
        inner.ReadExpiredRunsAsync(namespaceName, closedBefore, maximum);

    // The inner store may outlive the server that a test crashes; who made it ends it.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
