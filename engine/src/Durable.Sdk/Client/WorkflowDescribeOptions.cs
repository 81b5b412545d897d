namespace Temporalio.Client;

public class WorkflowDescribeOptions : ICloneable
{
    public WorkflowDescribeOptions()
    {
    }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
