namespace Temporalio.Client;

public class ActivityListOptions : ICloneable
{
    public ActivityListOptions()
    {
    }

    /// <summary>Default 0: no limit.</summary>
    public int Limit { get; set; }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
