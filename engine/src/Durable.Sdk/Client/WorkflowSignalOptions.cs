namespace Temporalio.Client;

public class WorkflowSignalOptions : ICloneable
{
    public WorkflowSignalOptions()
    {
    }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
