using Temporalio.Worker.Internal.Runs;

namespace Temporalio.Client.Internal;

/// <summary>The workers of a connection that could take the first task of a workflow with the answer to its start. Thread-safe.</summary>
internal sealed class EagerWorkers
{
    private readonly Lock sync = new();
    private readonly List<WorkflowWorker> workers = [];

    public void Add(WorkflowWorker worker)
    {
        lock (sync)
        {
            workers.Add(worker);
        }
    }

    public void Remove(WorkflowWorker worker)
    {
        lock (sync)
        {
            workers.Remove(worker);
        }
    }

    /// <returns>Null: none works on the queue, or none has a free slot.</returns>
    public EagerSlot? TryReserve(string @namespace, string taskQueue)
    {
        lock (sync)
        {
            foreach (var worker in workers)
            {
                if (worker.TryReserve(@namespace, taskQueue) is { } slot)
                {
                    return slot;
                }
            }
        }
        return null;
    }
}
