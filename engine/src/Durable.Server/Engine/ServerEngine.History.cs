using Durable.Server.Executions;
using Durable.Server.Storage;
using Temporalio.Api.History.V1;

namespace Durable.Server.Engine;

/// <summary>Reading histories: recent events from memory, older ones from the store, batch by batch.</summary>
internal sealed partial class ServerEngine
{
    /// <summary>A page of history ends with the batch that reaches this: half of what a gRPC client takes if nobody tells it otherwise.</summary>
    public const int PageBytes = 2 * 1024 * 1024;

    /// <summary>Adds stored events from <paramref name="from"/> up to but without <paramref name="before"/>.</summary>
    /// <returns>False when there is more than <paramref name="maximumBatches"/> batches or <see cref="PageBytes"/>.</returns>
    private async ValueTask<bool> AddEventsAsync(Execution execution, History history, long from, long before, int maximumBatches)
    {
        var bytes = 0;
        var recent = execution.RecentEvents;
        var firstRecent = recent.Count > 0 ? recent[0].EventId : long.MaxValue;
        if (from < Math.Min(firstRecent, before))
        {
            var key = new RunKey(execution.Namespace, execution.WorkflowId, execution.RunId);
            var batches = await store.ReadHistoryAsync(key, from, maximumBatches).ConfigureAwait(false);
            var next = from;
            foreach (var batch in batches)
            {
                if (bytes >= PageBytes)
                {
                    return false;
                }
                bytes += batch.Events.Length;
                foreach (var e in History.Parser.ParseFrom(batch.Events).Events)
                {
                    if (e.EventId >= next && e.EventId < before && e.EventId < firstRecent)
                    {
                        history.Events.Add(e);
                        next = e.EventId + 1;
                    }
                }
            }
            if (next < Math.Min(firstRecent, before))
            {
                return batches.Count < maximumBatches
                    ? throw new InvalidOperationException($"Bug: the history of {key} ends at {next - 1}, expected {Math.Min(firstRecent, before) - 1}")
                    : false;
            }
        }
        for (var i = 0; i < recent.Count; i++)
        {
            if (recent[i].EventId >= from && recent[i].EventId < before)
            {
                if (bytes >= PageBytes)
                {
                    return false;
                }
                bytes += recent[i].CalculateSize();
                history.Events.Add(recent[i]);
            }
        }
        return true;
    }

    public async ValueTask<HistoryEvent> FindEventAsync(Execution execution, long eventId)
    {
        var found = new History();
        await AddEventsAsync(execution, found, eventId, eventId + 1, 1).ConfigureAwait(false);
        return found.Events.Count == 1
            ? found.Events[0]
            : throw new InvalidOperationException($"Bug: run {execution.RunId} has no event {eventId}");
    }

    /// <summary>Waits until the history is as wanted, at most <paramref name="wait"/>; then tells how it is.</summary>
    public async Task<HistoryView> WaitHistoryAsync(RunKey key, Func<HistoryView, bool> wanted, TimeSpan wait, CancellationToken cancellationToken)
    {
        var slot = Rent(key);
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        try
        {
            while (true)
            {
                var (view, pulse) = await WithSlotAsync(key, (_, execution, _) => ValueTask.FromResult(
                    (new HistoryView(execution.IsRunning, execution.NextEventId, execution.VirtualTaskEvents()), slot.HistoryPulse)), cancellationToken).ConfigureAwait(false);
                var left = wait - System.Diagnostics.Stopwatch.GetElapsedTime(began);
                if (wanted(view) || left <= TimeSpan.Zero)
                {
                    return view;
                }
                try
                {
                    await pulse.WaitAsync(left, TimeProvider.System, cancellationToken).ConfigureAwait(false);
                }
                catch (TimeoutException)
                {
                    return view;
                }
            }
        }
        finally
        {
            GiveBack(slot);
        }
    }

    /// <summary>Takes a closed run out of the store.</summary>
    /// <exception cref="Durable.Protocol.RpcFaultException">UNAVAILABLE: somebody who has to hear of its end first cannot be told now.</exception>
    public async Task DeleteAsync(RunKey key)
    {
        while (await TryDeliverAllAsync(key).ConfigureAwait(false) is var isTold && isTold != true)
        {
            if (isTold is null)
            {
                throw Faults.Unavailable("the workflow's parent or schedule could not be told of its end");
            }
        }
        using var held = await LockWorkflowAsync(key.Namespace, key.WorkflowId, CancellationToken.None).ConfigureAwait(false);
        var slot = Rent(key);
        try
        {
            await slot.Gate.WaitAsync().ConfigureAwait(false);
            try
            {
                var transaction = new StoreTransaction();
                transaction.DeletedRuns.Add(key);
                await StoreAsync(transaction).ConfigureAwait(false);
                slot.Execution = null;
                slot.EndWaits(Faults.WorkflowNotFound(key.WorkflowId, key.RunId));
                slot.PulseHistory();
                locks.Observe(key, holdsTime: false);
            }
            finally
            {
                slot.Gate.Release();
            }
        }
        finally
        {
            GiveBack(slot);
        }
    }

    public async ValueTask<IReadOnlyList<HistoryBatch>> ReadBatchesAsync(RunKey key, long from, int maximumBatches) =>
        await store.ReadHistoryAsync(key, from, maximumBatches).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<HistoryBatch>> ReadBatchesReverseAsync(RunKey key, long before, int maximumBatches) =>
        await store.ReadHistoryReverseAsync(key, before, maximumBatches).ConfigureAwait(false);
}

/// <summary>How far a run's history has come.</summary>
internal sealed record HistoryView(bool IsRunning, long NextEventId, IReadOnlyList<HistoryEvent> VirtualEvents);
