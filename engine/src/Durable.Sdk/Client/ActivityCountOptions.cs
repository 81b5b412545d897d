namespace Temporalio.Client;

public class ActivityCountOptions : ICloneable
{
    public ActivityCountOptions()
    {
    }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
