using Temporalio.Common;

namespace Temporalio.Client.Schedules;

/// <summary>For the creation of a schedule.</summary>
public class ScheduleOptions : ICloneable
{
    public ScheduleOptions()
    {
    }

    /// <summary>Takes the action once at creation.</summary>
    public bool TriggerImmediately { get; set; }

    /// <summary>Times in the past whose actions are taken at creation.</summary>
    public IReadOnlyCollection<ScheduleBackfill> Backfills { get; set; } = [];

    /// <summary>Of the schedule; the workflows have theirs in the action.</summary>
    public IReadOnlyDictionary<string, object>? Memo { get; set; }

    /// <summary>Of the schedule; the workflows have theirs in the action.</summary>
    public SearchAttributeCollection? TypedSearchAttributes { get; set; }

    public RpcOptions? Rpc { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (ScheduleOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
