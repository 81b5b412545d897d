namespace Temporalio.Client;

public class WorkflowDescribeOptions : ICloneable
{
    public WorkflowDescribeOptions()
    {
    }

    public RpcOptions? Rpc { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (WorkflowDescribeOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
