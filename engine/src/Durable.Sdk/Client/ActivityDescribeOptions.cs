namespace Temporalio.Client;

public class ActivityDescribeOptions : ICloneable
{
    public ActivityDescribeOptions()
    {
    }

    /// <summary>From an earlier description: waits until something has changed since.</summary>
    public byte[]? LongPollToken { get; set; }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
