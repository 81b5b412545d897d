namespace Temporalio.Client;

public class ActivityDescribeOptions : ICloneable
{
    public ActivityDescribeOptions()
    {
    }

    /// <summary>From an earlier description: waits until something has changed since.</summary>
    public byte[]? LongPollToken { get; set; }

    public RpcOptions? Rpc { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (ActivityDescribeOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
