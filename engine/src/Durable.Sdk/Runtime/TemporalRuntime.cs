using Temporalio.Common;
using Temporalio.Runtime.Internal;

namespace Temporalio.Runtime;

/// <summary>What clients and workers of a process share: metrics.</summary>
public sealed partial class TemporalRuntime
{
    internal const string ReservedNamePrefix = "__temporal_";

    private static readonly Lazy<TemporalRuntime> LazyDefault = new(static () => new TemporalRuntime(new()));

    public TemporalRuntime(TemporalRuntimeOptions options)
    {
        var metrics = options.Telemetry.Metrics;
        MetricMeter = metrics?.CustomMetricMeter is { } custom ? new CustomMeter(custom) : new InstrumentMeter();
        if (metrics?.GlobalTags is { Count: > 0 } tags)
        {
            MetricMeter = MetricMeter.WithTags(tags.Select(static tag => new KeyValuePair<string, object>(tag.Key, tag.Value)));
        }
        Metrics = new SdkMetrics(MetricMeter, metrics);
        WorkerHeartbeatInterval = options.WorkerHeartbeatInterval;
    }

    /// <summary>Used where options name none.</summary>
    public static TemporalRuntime Default => LazyDefault.Value;

    /// <summary>For metrics of the application; those of the SDK go the same way.</summary>
    public MetricMeter MetricMeter { get; }

    internal SdkMetrics Metrics { get; }

    internal TimeSpan? WorkerHeartbeatInterval { get; }
}
