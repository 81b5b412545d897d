namespace Temporalio.Client;

public class WorkflowCountOptions : ICloneable
{
    public WorkflowCountOptions()
    {
    }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
