namespace Temporalio.Client;

public class WorkflowQueryOptions : ICloneable
{
    public WorkflowQueryOptions()
    {
    }

    public Temporalio.Api.Enums.V1.QueryRejectCondition? RejectCondition { get; set; }

    public RpcOptions? Rpc { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (WorkflowQueryOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
