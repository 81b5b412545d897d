namespace Temporalio.Runtime;

/// <summary>Where metrics go.</summary>
/// <remarks>
/// Without a custom meter, metrics are instruments of the <see cref="System.Diagnostics.Metrics.Meter"/> "Temporalio". Exporters belong to
/// the application: add that meter to its OpenTelemetry provider.
/// </remarks>
public class MetricsOptions : ICloneable
{
    public MetricsOptions()
    {
    }

    public MetricsOptions(PrometheusOptions prometheus) => Prometheus = prometheus;

    public MetricsOptions(OpenTelemetryOptions openTelemetry) => OpenTelemetry = openTelemetry;

    /// <inheritdoc cref="PrometheusOptions"/>
    public PrometheusOptions? Prometheus { get; set; }

    /// <inheritdoc cref="OpenTelemetryOptions"/>
    public OpenTelemetryOptions? OpenTelemetry { get; set; }

    /// <summary>Gets all metrics instead.</summary>
    public ICustomMetricMeter? CustomMetricMeter { get; set; }

    public CustomMetricMeterOptions? CustomMetricMeterOptions { get; set; }

    /// <summary>Adds the tag service_name, "temporal-core-sdk".</summary>
    public bool AttachServiceName { get; set; } = true;

    /// <summary>On each metric.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>>? GlobalTags { get; set; }

    /// <summary>Before the names of the SDK's own metrics. Default "temporal_".</summary>
    public string? MetricPrefix { get; set; }

    public virtual object Clone()
    {
        var copy = (MetricsOptions)MemberwiseClone();
        copy.Prometheus = (PrometheusOptions?)Prometheus?.Clone();
        copy.OpenTelemetry = (OpenTelemetryOptions?)OpenTelemetry?.Clone();
        copy.CustomMetricMeterOptions = (CustomMetricMeterOptions?)CustomMetricMeterOptions?.Clone();
        return copy;
    }
}
