namespace Temporalio.Client;

public class ActivityCancelOptions : ICloneable
{
    public ActivityCancelOptions()
    {
    }

    public string? Reason { get; set; }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
