namespace Temporalio.Runtime;

/// <summary>In the official SDK: which logs of its native part are written.</summary>
public class TelemetryFilterOptions : ICloneable
{
    public TelemetryFilterOptions(string filterString) => FilterString = filterString;

    public TelemetryFilterOptions(Level core = Level.Warn, Level other = Level.Error)
    {
        var coreLevel = core.ToString().ToUpperInvariant();
        FilterString = $"{other.ToString().ToUpperInvariant()},temporalio_common={coreLevel},temporalio_sdk_core={coreLevel},temporalio_client={coreLevel},temporalio_sdk={coreLevel}";
    }

    public enum Level
    {
        Trace = 0,
        Debug = 1,
        Info = 2,
        Warn = 3,
        Error = 4,
    }

    public string? FilterString { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
