namespace Temporalio.Runtime;

/// <summary>Options of a runtime.</summary>
public partial class TemporalRuntimeOptions : ICloneable
{
    /// <summary>How often a worker tells the server how it is; null: never. Default 60 s.</summary>
    public TimeSpan? WorkerHeartbeatInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A shallow copy.</summary>
    public virtual object Clone() => MemberwiseClone();
}
