using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Core;

/// <summary>Local activities of a run between the machines, which only note what should happen, and the worker, which does it.</summary>
internal sealed class LocalActivityQueue
{
    private readonly List<LocalActivityRequest> toStart = [];
    private readonly List<uint> toCancel = [];
    private readonly HashSet<uint> outstanding = [];

    /// <summary>Asked for and not ended; the workflow task stays open for them.</summary>
    public int Outstanding => outstanding.Count;

    public void Start(LocalActivityRequest request)
    {
        toStart.Add(request);
        outstanding.Add(request.Seq);
    }

    public void Cancel(LocalActivityMachine machine)
    {
        var seq = machine.Request.Seq;
        if (toStart.RemoveAll(request => request.Seq == seq) > 0)
        {
            outstanding.Remove(seq);
            if (machine.Request.Cancellation == ActivityCancellationType.WaitCancellationCompleted)
            {
                machine.End(
                    new LocalActivityOutcome
                    {
                        Kind = LocalActivityOutcomeKind.Cancelled,
                        Failure = new() { Message = "Cancelled", CanceledFailureInfo = new() },
                        Attempt = machine.Request.Attempt,
                        OriginalScheduleTime = machine.Request.OriginalScheduleTime,
                        IsPlain = true,
                    },
                    TimeSpan.Zero);
            }
        }
        else if (outstanding.Contains(seq))
        {
            toCancel.Add(seq);
            if (machine.Request.Cancellation == ActivityCancellationType.TryCancel)
            {
                outstanding.Remove(seq);
            }
        }
    }

    /// <summary>The workflow does not want the result any more.</summary>
    public void Forget(uint seq)
    {
        toStart.RemoveAll(request => request.Seq == seq);
        outstanding.Remove(seq);
    }

    public void Ended(uint seq) => outstanding.Remove(seq);

    public IReadOnlyList<LocalActivityRequest> TakeToStart()
    {
        if (toStart.Count == 0)
        {
            return [];
        }
        var taken = toStart.ToArray();
        toStart.Clear();
        return taken;
    }

    public IReadOnlyList<uint> TakeToCancel()
    {
        if (toCancel.Count == 0)
        {
            return [];
        }
        var taken = toCancel.ToArray();
        toCancel.Clear();
        return taken;
    }

    /// <summary>The run ends: nothing is waited for any more.</summary>
    public void Clear()
    {
        toStart.Clear();
        toCancel.AddRange(outstanding);
        outstanding.Clear();
    }
}
