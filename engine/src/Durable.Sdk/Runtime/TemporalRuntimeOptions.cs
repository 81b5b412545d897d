namespace Temporalio.Runtime;

/// <summary>Options of a runtime.</summary>
public partial class TemporalRuntimeOptions : ICloneable
{
    public TemporalRuntimeOptions()
    {
    }

    public TemporalRuntimeOptions(TelemetryOptions telemetry) => Telemetry = telemetry;

    public TelemetryOptions Telemetry { get; set; } = new();

    /// <summary>How often a worker tells the server how it is; null: never. Default 60 s.</summary>
    public TimeSpan? WorkerHeartbeatInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A copy with telemetry options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (TemporalRuntimeOptions)MemberwiseClone();
        copy.Telemetry = (TelemetryOptions)Telemetry.Clone();
        return copy;
    }
}
