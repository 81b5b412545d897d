using Temporalio.Api.Enums.V1;
using Temporalio.Common;

namespace Temporalio.Client;

/// <summary>For an activity without a workflow. Id, task queue and one of start-to-close and schedule-to-close are required.</summary>
public class StartActivityOptions : ICloneable
{
    public StartActivityOptions()
    {
    }

    public StartActivityOptions(string id, string taskQueue)
    {
        Id = id;
        TaskQueue = taskQueue;
    }

    public string? Id { get; set; }

    public string? TaskQueue { get; set; }

    /// <summary>From the start to the end of the last attempt.</summary>
    public TimeSpan? ScheduleToCloseTimeout { get; set; }

    /// <summary>How long it may wait for a worker.</summary>
    public TimeSpan? ScheduleToStartTimeout { get; set; }

    /// <summary>Of one attempt.</summary>
    public TimeSpan? StartToCloseTimeout { get; set; }

    /// <summary>How long it may go without a heartbeat.</summary>
    public TimeSpan? HeartbeatTimeout { get; set; }

    /// <summary>When the id belongs to an activity that is closed. Default: allow.</summary>
    public ActivityIdReusePolicy IdReusePolicy { get; set; } = ActivityIdReusePolicy.AllowDuplicate;

    /// <summary>When the id belongs to one that runs. Default: fail, by the server's rule.</summary>
    public ActivityIdConflictPolicy IdConflictPolicy { get; set; }

    public RetryPolicy? RetryPolicy { get; set; }

    public SearchAttributeCollection? TypedSearchAttributes { get; set; }

    public string? StaticSummary { get; set; }

    public string? StaticDetails { get; set; }

    public Priority? Priority { get; set; }

    /// <summary>How long the server waits before it schedules the first attempt.</summary>
    public TimeSpan? StartDelay { get; set; }

    public RpcOptions? Rpc { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (StartActivityOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
