namespace Temporalio.Client;

public class WorkflowTerminateOptions : ICloneable
{
    public WorkflowTerminateOptions()
    {
    }

    public IReadOnlyCollection<object?>? Details { get; set; }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
