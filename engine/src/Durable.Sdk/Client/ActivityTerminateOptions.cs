namespace Temporalio.Client;

public class ActivityTerminateOptions : ICloneable
{
    public ActivityTerminateOptions()
    {
    }

    public string? Reason { get; set; }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
