namespace Temporalio.Client;

public class WorkflowListOptions : ICloneable
{
    public WorkflowListOptions()
    {
    }

    public int Limit { get; set; }

    public RpcOptions? Rpc { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (WorkflowListOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
