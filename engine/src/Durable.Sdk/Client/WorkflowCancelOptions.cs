namespace Temporalio.Client;

public class WorkflowCancelOptions : ICloneable
{
    public WorkflowCancelOptions()
    {
    }

    public RpcOptions? Rpc { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (WorkflowCancelOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
