namespace Temporalio.Runtime;

/// <summary>In the official SDK: logs of its native part. There is none here; what the SDK logs follows the filters of the logger factories.</summary>
public class LoggingOptions : ICloneable
{
    public LoggingOptions()
    {
    }

    public LoggingOptions(TelemetryFilterOptions filter) => Filter = filter;

    public TelemetryFilterOptions Filter { get; set; } = new();

    public LogForwardingOptions? Forwarding { get; set; }

    public virtual object Clone()
    {
        var copy = (LoggingOptions)MemberwiseClone();
        copy.Filter = (TelemetryFilterOptions)Filter.Clone();
        copy.Forwarding = (LogForwardingOptions?)Forwarding?.Clone();
        return copy;
    }
}
