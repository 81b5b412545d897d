using System.Diagnostics.Metrics;
using Temporalio.Common;

namespace Temporalio.Runtime.Internal;

/// <summary>Metrics over System.Diagnostics.Metrics, where exporters of the platform find them.</summary>
/// <param name="seconds">Durations are seconds with a fraction, not whole milliseconds.</param>
internal sealed class InstrumentMeter(bool seconds, KeyValuePair<string, object?>[] tags) : MetricMeter
{
    public const string Name = "Temporalio";

    private static readonly Meter Meter = new(Name);

    public static KeyValuePair<string, object?>[] Join(KeyValuePair<string, object?>[] tags, IEnumerable<KeyValuePair<string, object>>? more) =>
        more is null ? tags : [.. tags, .. more.Select(static tag => new KeyValuePair<string, object?>(tag.Key, tag.Value))];

    public override MetricCounter<T> CreateCounter<T>(string name, string? unit = null, string? description = null)
    {
        MetricNumbers.RequireCounter<T>();
        return new InstrumentCounter<T>(Meter.CreateCounter<T>(name, unit, description), tags);
    }

    public override MetricHistogram<T> CreateHistogram<T>(string name, string? unit = null, string? description = null)
    {
        MetricNumbers.RequireHistogram<T>();
        if (typeof(T) != typeof(TimeSpan))
        {
            return new InstrumentHistogram<T>(Meter.CreateHistogram<T>(name, unit, description), tags);
        }
        return seconds
            ? new InstrumentDuration<T>(null, Meter.CreateHistogram<double>(name, SdkDuration.UnitOr(unit, "s"), description), tags)
            : new InstrumentDuration<T>(Meter.CreateHistogram<long>(name, SdkDuration.UnitOr(unit, "ms"), description), null, tags);
    }

    public override MetricGauge<T> CreateGauge<T>(string name, string? unit = null, string? description = null)
    {
        MetricNumbers.RequireGauge<T>();
        return new InstrumentGauge<T>(Meter.CreateGauge<T>(name, unit, description), tags);
    }

    public override MetricMeter WithTags(IEnumerable<KeyValuePair<string, object>> more) => new InstrumentMeter(seconds, Join(tags, more));
}
