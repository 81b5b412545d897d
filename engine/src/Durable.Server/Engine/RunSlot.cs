using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Storage;

namespace Durable.Server.Engine;

/// <summary>One run in memory: its aggregate, the gate that lets in one command at a time, and those who wait for it.</summary>
internal sealed class RunSlot(RunKey key)
{
    private readonly Lock pumpGate = new();
    private int pumpWishes;
    private bool pumping;
    private TaskCompletionSource historyPulse = NewPulse();
    private Dictionary<string, TaskCompletionSource>? updatePulses;

    public RunKey Key => key;

    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>Null until loaded, and after something went wrong: the store knows better then.</summary>
    public Execution? Execution { get; set; }

    /// <summary>Calls that hold or wait for the slot; it is not evicted while there are any.</summary>
    public int Users { get; set; }

    public LinkedListNode<RunSlot>? Node { get; set; }

    public Dictionary<string, TaskCompletionSource<QueryAnswer>> Queries { get; } = new(StringComparer.Ordinal);

    /// <summary>Updates that this run will not answer, and what their callers are told.</summary>
    public Dictionary<string, TaskCompletionSource<UpdateEnd>> UpdateEnds { get; } = new(StringComparer.Ordinal);

    /// <summary>Grows whenever somebody wants the outbox emptied.</summary>
    public int PumpWishes => Volatile.Read(ref pumpWishes);

    /// <returns>False: a pump runs already, and looks again before it ends.</returns>
    public bool TryBeginPump()
    {
        lock (pumpGate)
        {
            pumpWishes++;
            return !pumping && (pumping = true);
        }
    }

    /// <returns>False: somebody wished for another look since <paramref name="looked"/> was read.</returns>
    public bool TryEndPump(int looked)
    {
        lock (pumpGate)
        {
            if (pumpWishes != looked)
            {
                return false;
            }
            pumping = false;
            return true;
        }
    }

    /// <summary>Completes at the next commit that adds events.</summary>
    public Task HistoryPulse => historyPulse.Task;

    public void PulseHistory()
    {
        var old = historyPulse;
        historyPulse = NewPulse();
        old.TrySetResult();
    }

    /// <summary>Completes when the update changes; take it under the gate.</summary>
    public Task UpdatePulse(string updateId)
    {
        updatePulses ??= new(StringComparer.Ordinal);
        if (!updatePulses.TryGetValue(updateId, out var pulse))
        {
            updatePulses.Add(updateId, pulse = NewPulse());
        }
        return pulse.Task;
    }

    public void PulseUpdate(string updateId)
    {
        if (updatePulses?.Remove(updateId, out var pulse) == true)
        {
            pulse.TrySetResult();
        }
    }

    /// <summary>Completes when the update is rejected or aborted; take it under the gate.</summary>
    public Task<UpdateEnd> UpdateEnd(string updateId)
    {
        if (!UpdateEnds.TryGetValue(updateId, out var end))
        {
            UpdateEnds.Add(updateId, end = new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        return end.Task;
    }

    /// <summary>Sends away all who wait for an answer of this run.</summary>
    public void EndWaits(RpcFaultException fault)
    {
        foreach (var query in Queries.Values)
        {
            query.TrySetResult(new QueryAnswer(null, fault));
        }
        Queries.Clear();
        foreach (var end in UpdateEnds.Values)
        {
            end.TrySetResult(new UpdateEnd(null, fault));
        }
        UpdateEnds.Clear();
    }

    private static TaskCompletionSource NewPulse() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A query's result, or what its caller is told instead.</summary>
internal readonly record struct QueryAnswer(Temporalio.Api.Common.V1.Payloads? Result, RpcFaultException? Fault);

/// <summary>A rejection (an outcome) or an abort (a fault).</summary>
internal readonly record struct UpdateEnd(Temporalio.Api.Update.V1.Outcome? Rejection, RpcFaultException? Fault);
