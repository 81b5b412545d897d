using Temporalio.Common;

namespace Temporalio.Runtime.Internal;

/// <summary>Metrics for a meter of the application.</summary>
internal sealed class CustomMeter(ICustomMetricMeter meter, object? tags = null) : MetricMeter
{
    private readonly object tags = tags ?? meter.CreateTags(null, []);

    public override MetricCounter<T> CreateCounter<T>(string name, string? unit = null, string? description = null) =>
        new Counter<T>(this, tags, meter.CreateCounter<T>(name, unit, description), name, unit, description);

    public override MetricHistogram<T> CreateHistogram<T>(string name, string? unit = null, string? description = null) =>
        new Histogram<T>(this, tags, meter.CreateHistogram<T>(name, unit, description), name, unit, description);

    public override MetricGauge<T> CreateGauge<T>(string name, string? unit = null, string? description = null) =>
        new Gauge<T>(this, tags, meter.CreateGauge<T>(name, unit, description), name, unit, description);

    public override MetricMeter WithTags(IEnumerable<KeyValuePair<string, object>> tags) => new CustomMeter(meter, Join(this.tags, tags));

    private object Join(object tags, IEnumerable<KeyValuePair<string, object>>? more) => more is null ? tags : meter.CreateTags(tags, [.. more]);

    private sealed class Counter<T>(CustomMeter owner, object tags, ICustomMetricCounter<T> counter, string name, string? unit, string? description)
        : MetricCounter<T>(name, unit, description)
        where T : struct
    {
        public override void Add(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null) => counter.Add(value, owner.Join(tags, extraTags));

        public override MetricCounter<T> WithTags(IEnumerable<KeyValuePair<string, object>> more) =>
            new Counter<T>(owner, owner.Join(tags, more), counter, Name, Unit, Description);
    }

    private sealed class Histogram<T>(CustomMeter owner, object tags, ICustomMetricHistogram<T> histogram, string name, string? unit, string? description)
        : MetricHistogram<T>(name, unit, description)
        where T : struct
    {
        public override void Record(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null) => histogram.Record(value, owner.Join(tags, extraTags));

        public override MetricHistogram<T> WithTags(IEnumerable<KeyValuePair<string, object>> more) =>
            new Histogram<T>(owner, owner.Join(tags, more), histogram, Name, Unit, Description);
    }

    private sealed class Gauge<T>(CustomMeter owner, object tags, ICustomMetricGauge<T> gauge, string name, string? unit, string? description)
        : MetricGauge<T>(name, unit, description)
        where T : struct
    {
        public override void Set(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null) => gauge.Set(value, owner.Join(tags, extraTags));

        public override MetricGauge<T> WithTags(IEnumerable<KeyValuePair<string, object>> more) =>
            new Gauge<T>(owner, owner.Join(tags, more), gauge, Name, Unit, Description);
    }
}
