namespace Temporalio.Client;

public class WorkflowListPaginatedOptions : ICloneable
{
    public WorkflowListPaginatedOptions()
    {
    }

    public int PageSize { get; set; }

    public RpcOptions? Rpc { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (WorkflowListPaginatedOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
