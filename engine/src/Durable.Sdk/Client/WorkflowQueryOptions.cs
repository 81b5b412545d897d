namespace Temporalio.Client;

public class WorkflowQueryOptions : ICloneable
{
    public WorkflowQueryOptions()
    {
    }

    public Temporalio.Api.Enums.V1.QueryRejectCondition? RejectCondition { get; set; }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
