namespace Temporalio.Worker.Internal.Runs;

/// <summary>Runs in memory, the least recently used goes first. Thread-safe.</summary>
internal sealed class RunCache(int capacity, WorkerMetrics metrics)
{
    private readonly Lock sync = new();
    private readonly Dictionary<string, LinkedListNode<RunHandle>> handles = new(StringComparer.Ordinal);
    private readonly LinkedList<RunHandle> byUse = new();
    private readonly HashSet<RunHandle> busy = [];

    /// <summary>Takes the run for one task.</summary>
    /// <returns>Null: another task of the run is being worked on, and will go on with this one.</returns>
    public RunHandle? Enter(string runId, WorkflowTask task)
    {
        lock (sync)
        {
            if (handles.TryGetValue(runId, out var node))
            {
                byUse.Remove(node);
                byUse.AddLast(node);
                if (node.Value.IsBusy)
                {
                    Wait(node.Value.Waiting, task);
                    return null;
                }
            }
            else
            {
                node = byUse.AddLast(new RunHandle(runId));
                handles.Add(runId, node);
            }
            node.Value.IsBusy = true;
            busy.Add(node.Value);
            return node.Value;
        }
    }

    /// <summary>Gives the run back; it stays in memory if it has a workflow and there is room.</summary>
    /// <returns>A task that came meanwhile: the caller has the run still.</returns>
    public WorkflowTask? Leave(RunHandle handle)
    {
        lock (sync)
        {
            if (handle.Waiting.First is { Value: var next })
            {
                handle.Waiting.RemoveFirst();
                return next;
            }
            handle.IsBusy = false;
            busy.Remove(handle);
            if (handle.Run is null)
            {
                Remove(handle);
            }
            for (var oldest = byUse.First; handles.Count > capacity && oldest is not null;)
            {
                var following = oldest.Next;
                if (!oldest.Value.IsBusy)
                {
                    oldest.Value.Run = null;
                    metrics.Sdk.StickyCacheForcedEviction.Add(1, metrics.Queue);
                    Remove(oldest.Value);
                }
                oldest = following;
            }
            metrics.Sdk.StickyCacheSize.Set(handles.Count, metrics.Queue);
            return null;
        }
    }

    public IReadOnlyList<RunHandle> Busy()
    {
        lock (sync)
        {
            return [.. busy];
        }
    }

    public int Count
    {
        get
        {
            lock (sync)
            {
                return handles.Count;
            }
        }
    }

    // Each query has somebody who waits for it. Of workflow tasks the server wants an answer to the newest only.
    private static void Wait(LinkedList<WorkflowTask> waiting, WorkflowTask task)
    {
        for (var node = waiting.First; !task.IsQuery && node is not null; node = node.Next)
        {
            if (!node.Value.IsQuery)
            {
                node.Value.Release();
                waiting.Remove(node);
                break;
            }
        }
        waiting.AddLast(task);
    }

    private void Remove(RunHandle handle)
    {
        if (handles.Remove(handle.RunId, out var node))
        {
            byUse.Remove(node);
        }
    }
}
