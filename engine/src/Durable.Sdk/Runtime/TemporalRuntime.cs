using Temporalio.Common;
using Temporalio.Runtime.Internal;

namespace Temporalio.Runtime;

/// <summary>What clients and workers of a process share: metrics.</summary>
public sealed partial class TemporalRuntime
{
    internal const string ReservedNamePrefix = "__temporal_";

    private static readonly Lazy<TemporalRuntime> LazyDefault = new(static () => new TemporalRuntime(new()));

    private readonly Lazy<SdkMetrics> metrics;

    public TemporalRuntime(TemporalRuntimeOptions options)
    {
        var metrics = options.Telemetry.Metrics;
        MetricMeter = MeterOf(metrics);
        // Not before something runs: a meter of the application would else see them beside its own.
        this.metrics = new(() => new SdkMetrics(MetricMeter, metrics?.MetricPrefix));
        WorkerHeartbeatInterval = options.WorkerHeartbeatInterval;
    }

    /// <summary>Used where options name none.</summary>
    public static TemporalRuntime Default => LazyDefault.Value;

    /// <summary>For metrics of the application; those of the SDK go the same way.</summary>
    public MetricMeter MetricMeter { get; }

    internal SdkMetrics Metrics => metrics.Value;

    internal TimeSpan? WorkerHeartbeatInterval { get; }

    private static MetricMeter MeterOf(MetricsOptions? options)
    {
        IEnumerable<KeyValuePair<string, object>> tags =
        [
            .. options?.AttachServiceName ?? true ? new[] { new KeyValuePair<string, object>("service_name", "temporal-core-sdk") } : [],
            .. (options?.GlobalTags ?? []).Select(static tag => new KeyValuePair<string, object>(tag.Key, tag.Value)),
        ];
        return options?.CustomMetricMeter is { } custom
            ? new CustomMeter(custom, options.CustomMetricMeterOptions?.HistogramDurationFormat ?? default, tags)
            : new InstrumentMeter(
                options is { Prometheus.UseSecondsForDuration: true } or { OpenTelemetry.UseSecondsForDuration: true },
                InstrumentMeter.Join([], tags));
    }
}
