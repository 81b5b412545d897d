using System.Diagnostics.Metrics;
using Temporalio.Runtime;

namespace Payments.Connection;

/// <summary>
/// The SDK's own metrics (temporal_workflow_endtoend_latency and its like) as instruments of .NET, where <c>/metrics</c> and OTLP find them. Durations are seconds.
/// Temporalio.Extensions.DiagnosticSource, where it can be had, is the same bridge.
/// </summary>
internal sealed class SdkMeter : ICustomMetricMeter
{
    private static readonly Meter Instruments = new("Temporalio");

    private SdkMeter()
    {
    }

    /// <summary>One for the process: a runtime of the official SDK has threads of its own.</summary>
    public static TemporalRuntime Runtime { get; } = new(new TemporalRuntimeOptions
    {
        Telemetry = new TelemetryOptions
        {
            Metrics = new MetricsOptions
            {
                CustomMetricMeter = new SdkMeter(),
                CustomMetricMeterOptions = new CustomMetricMeterOptions { HistogramDurationFormat = CustomMetricMeterOptions.DurationFormat.FloatSeconds },
            },
        },
    });

    public ICustomMetricCounter<T> CreateCounter<T>(string name, string? unit, string? description)
        where T : struct => new Counting<T>(Instruments.CreateCounter<T>(name, unit, description));

    public ICustomMetricHistogram<T> CreateHistogram<T>(string name, string? unit, string? description)
        where T : struct => new Recording<T>(Instruments.CreateHistogram<T>(name, unit, description));

    public ICustomMetricGauge<T> CreateGauge<T>(string name, string? unit, string? description)
        where T : struct => new Setting<T>(Instruments.CreateGauge<T>(name, unit, description));

    public object CreateTags(object? appendFrom, IReadOnlyCollection<KeyValuePair<string, object>> tags)
    {
        var before = appendFrom is null ? [] : Tags(appendFrom);
        return (KeyValuePair<string, object?>[])[.. before, .. tags.Select(static tag => new KeyValuePair<string, object?>(tag.Key, tag.Value))];
    }

    private static KeyValuePair<string, object?>[] Tags(object tags) => (KeyValuePair<string, object?>[])tags;

    private sealed class Counting<T>(Counter<T> counter) : ICustomMetricCounter<T>
        where T : struct
    {
        public void Add(T value, object tags) => counter.Add(value, Tags(tags));
    }

    private sealed class Recording<T>(Histogram<T> histogram) : ICustomMetricHistogram<T>
        where T : struct
    {
        public void Record(T value, object tags) => histogram.Record(value, Tags(tags));
    }

    private sealed class Setting<T>(Gauge<T> gauge) : ICustomMetricGauge<T>
        where T : struct
    {
        public void Set(T value, object tags) => gauge.Record(value, Tags(tags));
    }
}
