namespace Temporalio.Runtime;

/// <summary>
/// In the official SDK: export to an OpenTelemetry collector. Here the application exports the meter "Temporalio"; of these options
/// <see cref="UseSecondsForDuration"/> has an effect.
/// </summary>
public class OpenTelemetryOptions : ICloneable
{
    public OpenTelemetryOptions()
    {
    }

    public OpenTelemetryOptions(string url)
        : this(new Uri(url))
    {
    }

    public OpenTelemetryOptions(Uri url) => Url = url;

    public Uri? Url { get; set; }

    public IReadOnlyCollection<KeyValuePair<string, string>>? Headers { get; set; }

    public TimeSpan? MetricsExportInterval { get; set; }

    public OpenTelemetryMetricTemporality MetricTemporality { get; set; }

    /// <summary>Durations are recorded in seconds, instead of whole milliseconds.</summary>
    public bool UseSecondsForDuration { get; set; }

    public OpenTelemetryProtocol Protocol { get; set; }

    public IReadOnlyDictionary<string, IReadOnlyCollection<double>>? HistogramBucketOverrides { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
