namespace Temporalio.Client;

public class AsyncActivityFailOptions : ICloneable
{
    /// <summary>For the next attempt; null: those of the last heartbeat.</summary>
    public IReadOnlyCollection<object?>? LastHeartbeatDetails { get; set; }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
