namespace Temporalio.Client;

public class ActivityTerminateOptions : ICloneable
{
    public ActivityTerminateOptions()
    {
    }

    public string? Reason { get; set; }

    public RpcOptions? Rpc { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (ActivityTerminateOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
