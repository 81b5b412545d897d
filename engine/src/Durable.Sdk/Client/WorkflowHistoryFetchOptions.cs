namespace Temporalio.Client;

public class WorkflowHistoryFetchOptions : ICloneable
{
    public WorkflowHistoryFetchOptions()
    {
    }

    public Temporalio.Api.Enums.V1.HistoryEventFilterType EventFilterType { get; set; } = Temporalio.Api.Enums.V1.HistoryEventFilterType.AllEvent;

    public RpcOptions? Rpc { get; set; }

    public bool SkipArchival { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
