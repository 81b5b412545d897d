namespace Temporalio.Runtime;

/// <summary>
/// In the official SDK: an endpoint for Prometheus. Here the application exports the meter "Temporalio"; of these options
/// <see cref="UseSecondsForDuration"/> has an effect.
/// </summary>
public class PrometheusOptions : ICloneable
{
    public PrometheusOptions()
    {
    }

    public PrometheusOptions(string bindAddress) => BindAddress = bindAddress;

    public string? BindAddress { get; set; }

    public bool HasCounterTotalSuffix { get; set; }

    public bool HasUnitSuffix { get; set; }

    /// <inheritdoc cref="OpenTelemetryOptions.UseSecondsForDuration"/>
    public bool UseSecondsForDuration { get; set; }

    public IReadOnlyDictionary<string, IReadOnlyCollection<double>>? HistogramBucketOverrides { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
