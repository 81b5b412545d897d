namespace Temporalio.Client;

public class WorkflowHistoryEventFetchOptions : ICloneable
{
    public WorkflowHistoryEventFetchOptions()
    {
    }

    public Temporalio.Api.Enums.V1.HistoryEventFilterType EventFilterType { get; set; } = Temporalio.Api.Enums.V1.HistoryEventFilterType.AllEvent;

    public RpcOptions? Rpc { get; set; }

    public bool SkipArchival { get; set; }

    public bool WaitNewEvent { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (WorkflowHistoryEventFetchOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
