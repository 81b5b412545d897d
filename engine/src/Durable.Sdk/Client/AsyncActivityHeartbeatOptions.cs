namespace Temporalio.Client;

public class AsyncActivityHeartbeatOptions : ICloneable
{
    /// <summary>For the next attempt.</summary>
    public IReadOnlyCollection<object?>? Details { get; set; }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
