namespace Temporalio.Client;

public class WorkflowCancelOptions : ICloneable
{
    public WorkflowCancelOptions()
    {
    }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
