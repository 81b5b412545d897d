using Durable.Server.Visibility;

namespace Durable.Server.Storage;

/// <summary>Everything in memory, for tests and for a server without a file. Durable as long as the process lives.</summary>
public class MemoryStore : IServerStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<RunKey, Run> runs = [];
    private readonly Dictionary<(string Namespace, string WorkflowId), CurrentRun> current = [];
    private readonly SortedDictionary<DocumentKey, DocumentWrite> documents = new(Comparer<DocumentKey>.Create(static (a, b) =>
        (string.CompareOrdinal(a.Kind, b.Kind), string.CompareOrdinal(a.Namespace, b.Namespace), string.CompareOrdinal(a.Id, b.Id)) switch
        {
            (not 0 and var kind, _, _) => kind,
            (_, not 0 and var name, _) => name,
            var (_, _, id) => id,
        }));

    public virtual Task CommitAsync(StoreTransaction transaction)
    {
        lock (gate)
        {
            foreach (var write in transaction.Runs)
            {
                Write(write);
            }
            foreach (var key in transaction.DeletedRuns)
            {
                runs.Remove(key);
                if (current.TryGetValue((key.Namespace, key.WorkflowId), out var latest) && latest.RunId == key.RunId)
                {
                    current.Remove((key.Namespace, key.WorkflowId));
                }
            }
            foreach (var write in transaction.Documents)
            {
                if (write.Value is null)
                {
                    documents.Remove(write.Key);
                }
                else
                {
                    documents[write.Key] = write;
                }
            }
        }
        return Task.CompletedTask;
    }

    public ValueTask<StoredRun?> FindRunAsync(RunKey key)
    {
        lock (gate)
        {
            return new(runs.TryGetValue(key, out var run) ? new StoredRun(key, run.State) : null);
        }
    }

    public ValueTask<CurrentRun?> FindCurrentRunAsync(string namespaceName, string workflowId)
    {
        lock (gate)
        {
            return new(current.GetValueOrDefault((namespaceName, workflowId)));
        }
    }

    public ValueTask<IReadOnlyList<HistoryBatch>> ReadHistoryAsync(RunKey key, long fromEventId, int maximumBatches)
    {
        lock (gate)
        {
            return new(runs.TryGetValue(key, out var run)
                ? [.. run.Batches.Where(batch => batch.LastEventId >= fromEventId).Take(maximumBatches)]
                : []);
        }
    }

    public ValueTask<IReadOnlyList<HistoryBatch>> ReadHistoryReverseAsync(RunKey key, long beforeEventId, int maximumBatches)
    {
        lock (gate)
        {
            return new(runs.TryGetValue(key, out var run)
                ? [.. run.Batches.Where(batch => batch.FirstEventId < beforeEventId).Reverse().Take(maximumBatches)]
                : []);
        }
    }

    public ValueTask<IReadOnlyList<RunKey>> ReadReadyRunsAsync(RunKey? after, int maximum)
    {
        lock (gate)
        {
            var ready = runs.Where(static run => run.Value.Ready).Select(static run => run.Key).Order(RunOrder);
            return new([.. (after is { } last ? ready.Where(key => RunOrder.Compare(key, last) > 0) : ready).Take(maximum)]);
        }
    }

    public ValueTask<IReadOnlyList<DueRun>> ReadDueRunsAsync(DateTimeOffset before, int maximum)
    {
        lock (gate)
        {
            return new([.. runs.Where(run => run.Value.NextTimerAt < before)
                .Select(static run => new DueRun(run.Key, run.Value.NextTimerAt!.Value)).OrderBy(static due => due.At).Take(maximum)]);
        }
    }

    public ValueTask<VisibilityPage> ListAsync(VisibilityRequest query)
    {
        lock (gate)
        {
            var rows = Matching(query);
            if (VisibilityPosition.Read(query.PageToken) is { } last)
            {
                rows = rows.Where(row => VisibilityPosition.Of(row).CompareTo(last) > 0);
            }
            var page = rows.Order(ListOrder).Take(query.PageSize).ToArray();
            return new(new VisibilityPage(page, VisibilityPosition.NextToken(page, query.PageSize)));
        }
    }

    public ValueTask<IReadOnlyList<VisibilityCount>> CountAsync(VisibilityRequest query)
    {
        lock (gate)
        {
            var rows = Matching(query);
            return new(query.GroupByStatus
                ? [.. rows.GroupBy(static row => row.Status).Select(static group => new VisibilityCount(group.Key, group.Count()))]
                : [new VisibilityCount(null, rows.Count())]);
        }
    }

    public ValueTask<byte[]?> FindDocumentAsync(DocumentKey key)
    {
        lock (gate)
        {
            return new(documents.GetValueOrDefault(key)?.Value);
        }
    }

    public ValueTask<IReadOnlyList<KeyValuePair<DocumentKey, byte[]>>> ReadDocumentsAsync(string kind, string namespaceName, string? afterId, int maximum)
    {
        lock (gate)
        {
            return new([.. documents.Where(document => document.Key.Kind == kind && document.Key.Namespace == namespaceName &&
                (afterId is null || string.CompareOrdinal(document.Key.Id, afterId) > 0)).Take(maximum)
                .Select(static document => new KeyValuePair<DocumentKey, byte[]>(document.Key, document.Value.Value!))]);
        }
    }

    public ValueTask<IReadOnlyList<DueDocument>> ReadDueDocumentsAsync(string kind, DateTimeOffset before, int maximum)
    {
        lock (gate)
        {
            return new([.. documents.Values.Where(document => document.Key.Kind == kind && document.DueAt < before)
                .Select(static document => new DueDocument(document.Key, document.DueAt!.Value)).OrderBy(static due => due.At).Take(maximum)]);
        }
    }

    public ValueTask<IReadOnlyList<RunKey>> ReadExpiredRunsAsync(string namespaceName, DateTimeOffset closedBefore, int maximum)
    {
        lock (gate)
        {
            return new([.. runs.Where(run => run.Key.Namespace == namespaceName && run.Value.Row?.CloseTime < closedBefore)
                .OrderBy(static run => run.Value.Row!.CloseTime).Select(static run => run.Key).Take(maximum)]);
        }
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private static Comparer<RunKey> RunOrder { get; } = Comparer<RunKey>.Create(static (a, b) =>
        string.CompareOrdinal($"{a.Namespace}\0{a.WorkflowId}\0{a.RunId}", $"{b.Namespace}\0{b.WorkflowId}\0{b.RunId}"));

    private static Comparer<VisibilityRow> ListOrder { get; } = Comparer<VisibilityRow>.Create(static (a, b) =>
        VisibilityPosition.Of(a).CompareTo(VisibilityPosition.Of(b)));

    private IEnumerable<VisibilityRow> Matching(VisibilityRequest query)
    {
        foreach (var run in runs.Values)
        {
            if (run.Row is { } row && row.Key.Namespace == query.Namespace && (query.Filter is null || VisibilityFilter.Matches(query.Filter, row)))
            {
                yield return row;
            }
        }
    }

    private void Write(RunWrite write)
    {
        if (!runs.TryGetValue(write.Key, out var run))
        {
            runs.Add(write.Key, run = new Run());
        }
        run.State = write.State;
        run.Batches.AddRange(write.NewBatches);
        run.NextTimerAt = write.NextTimerAt;
        run.Ready = write.HasReadyWork;
        run.Row = write.Visibility ?? run.Row;
        if (write.Current is { } latest)
        {
            current[(write.Key.Namespace, write.Key.WorkflowId)] = latest;
        }
    }

    private sealed class Run
    {
        public byte[] State { get; set; } = [];

        public List<HistoryBatch> Batches { get; } = [];

        public DateTimeOffset? NextTimerAt { get; set; }

        public bool Ready { get; set; }

        public VisibilityRow? Row { get; set; }
    }
}
