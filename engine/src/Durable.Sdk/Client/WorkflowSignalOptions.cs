namespace Temporalio.Client;

public class WorkflowSignalOptions : ICloneable
{
    public WorkflowSignalOptions()
    {
    }

    public RpcOptions? Rpc { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (WorkflowSignalOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
