using Durable.Server.Storage;

namespace Durable.Bench;

/// <summary>A store in memory that remembers what was written of each workflow, as one write that makes the same.</summary>
internal sealed class RecordingStore : MemoryStore
{
    private readonly List<RunWrite> writes = [];

    public override Task CommitAsync(StoreTransaction transaction)
    {
        lock (writes)
        {
            writes.AddRange(transaction.Runs);
        }
        return base.CommitAsync(transaction);
    }

    public RunWrite Whole(string workflowId)
    {
        lock (writes)
        {
            var own = writes.Where(write => write.Key.WorkflowId == workflowId).ToArray();
            return new RunWrite
            {
                Key = own[^1].Key,
                State = own[^1].State,
                NewBatches = [.. own.SelectMany(static write => write.NewBatches)],
                Current = own.Last(static write => write.Current is not null).Current,
                NextTimerAt = own[^1].NextTimerAt,
                HasReadyWork = own[^1].HasReadyWork,
                Visibility = own.Last(static write => write.Visibility is not null).Visibility,
            };
        }
    }
}
