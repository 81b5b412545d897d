namespace Temporalio.Client;

public class ActivityListOptions : ICloneable
{
    public ActivityListOptions()
    {
    }

    /// <summary>Default 0: no limit.</summary>
    public int Limit { get; set; }

    public RpcOptions? Rpc { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (ActivityListOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
