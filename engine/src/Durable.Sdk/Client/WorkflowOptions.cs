using System.Linq.Expressions;
using Temporalio.Common;

namespace Temporalio.Client;

public class WorkflowOptions : ICloneable
{
    public WorkflowOptions()
    {
    }

    public WorkflowOptions(string id, string taskQueue)
    {
        Id = id;
        TaskQueue = taskQueue;
    }

    public string? CronSchedule { get; set; }

    public TimeSpan? ExecutionTimeout { get; set; }

    public string? Id { get; set; }

    public Temporalio.Api.Enums.V1.WorkflowIdConflictPolicy IdConflictPolicy { get; set; }

    public Temporalio.Api.Enums.V1.WorkflowIdReusePolicy IdReusePolicy { get; set; } = Temporalio.Api.Enums.V1.WorkflowIdReusePolicy.AllowDuplicate;

    public IReadOnlyDictionary<string, object>? Memo { get; set; }

    public Priority? Priority { get; set; }

    public bool RequestEagerStart { get; set; }

    public RetryPolicy? RetryPolicy { get; set; }

    public RpcOptions? Rpc { get; set; }

    public TimeSpan? RunTimeout { get; set; }

    public TimeSpan? StartDelay { get; set; }

    public string? StartSignal { get; set; }

    public IReadOnlyCollection<object?>? StartSignalArgs { get; set; }

    public string? StaticDetails { get; set; }

    public string? StaticSummary { get; set; }

    public string? TaskQueue { get; set; }

    public TimeSpan? TaskTimeout { get; set; }

    public SearchAttributeCollection? TypedSearchAttributes { get; set; }

    /// <summary>The version of the worker deployment that is to run it, against what the server would choose.</summary>
    public VersioningOverride? VersioningOverride { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (WorkflowOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }

    /// <summary>Signals the workflow in the same call, whether it is new or running.</summary>
    public void SignalWithStart<TWorkflow>(Expression<Func<TWorkflow, Task>> signalCall)
    {
        var (name, args) = Internal.Calls.Signal(signalCall);
        SignalWithStart(name, args);
    }

    /// <summary>Signals the workflow in the same call, whether it is new or running.</summary>
    public void SignalWithStart(string signal, IReadOnlyCollection<object?> args)
    {
        StartSignal = signal;
        StartSignalArgs = args;
    }
}
