using System.Diagnostics.Metrics;
using Temporalio.Common;

namespace Temporalio.Runtime.Internal;

/// <summary>Metrics over System.Diagnostics.Metrics, where exporters of the platform find them.</summary>
internal sealed class InstrumentMeter : MetricMeter
{
    public const string Name = "Temporalio";

    private static readonly Meter Meter = new(Name);
    private readonly KeyValuePair<string, object?>[] tags;

    public InstrumentMeter()
        : this([])
    {
    }

    private InstrumentMeter(KeyValuePair<string, object?>[] tags) => this.tags = tags;

    public static KeyValuePair<string, object?>[] Join(KeyValuePair<string, object?>[] tags, IEnumerable<KeyValuePair<string, object>>? more) =>
        more is null ? tags : [.. tags, .. more.Select(static tag => new KeyValuePair<string, object?>(tag.Key, tag.Value))];

    public override MetricCounter<T> CreateCounter<T>(string name, string? unit = null, string? description = null) =>
        new InstrumentCounter<T>(Meter.CreateCounter<T>(name, unit, description), tags);

    public override MetricHistogram<T> CreateHistogram<T>(string name, string? unit = null, string? description = null) =>
        new InstrumentHistogram<T>(Meter.CreateHistogram<T>(name, unit, description), tags);

    public override MetricGauge<T> CreateGauge<T>(string name, string? unit = null, string? description = null) =>
        new InstrumentGauge<T>(Meter.CreateGauge<T>(name, unit, description), tags);

    public override MetricMeter WithTags(IEnumerable<KeyValuePair<string, object>> tags) => new InstrumentMeter(Join(this.tags, tags));
}
