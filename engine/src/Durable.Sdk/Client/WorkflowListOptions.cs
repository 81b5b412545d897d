namespace Temporalio.Client;

public class WorkflowListOptions : ICloneable
{
    public WorkflowListOptions()
    {
    }

    public int Limit { get; set; }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
