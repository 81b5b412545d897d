namespace Temporalio.Client;

public class ActivityCountOptions : ICloneable
{
    public ActivityCountOptions()
    {
    }

    public RpcOptions? Rpc { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (ActivityCountOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
