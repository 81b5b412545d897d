using Temporalio.Common;

namespace Temporalio.Runtime.Internal;

/// <summary>Metrics for a meter of the application, which sees only longs, doubles and, when it asks for them, durations.</summary>
internal sealed class CustomMeter : MetricMeter
{
    private readonly ICustomMetricMeter meter;
    private readonly CustomMetricMeterOptions.DurationFormat durations;
    private readonly object tags;

    public CustomMeter(ICustomMetricMeter meter, CustomMetricMeterOptions.DurationFormat durations, IEnumerable<KeyValuePair<string, object>> tags)
        : this(meter, durations, meter.CreateTags(null, Tags(tags)))
    {
    }

    private CustomMeter(ICustomMetricMeter meter, CustomMetricMeterOptions.DurationFormat durations, object tags)
    {
        this.meter = meter;
        this.durations = durations;
        this.tags = tags;
    }

    public override MetricCounter<T> CreateCounter<T>(string name, string? unit = null, string? description = null)
    {
        MetricNumbers.RequireCounter<T>();
        var counter = meter.CreateCounter<long>(name, unit, description);
        return new Counter<T>(this, tags, (value, with) => counter.Add(MetricNumbers.ToLong(value), with), name, unit, description);
    }

    public override MetricHistogram<T> CreateHistogram<T>(string name, string? unit = null, string? description = null)
    {
        MetricNumbers.RequireHistogram<T>();
        return new Histogram<T>(this, tags, RecordOf<T>(name, unit, description), name, unit, description);
    }

    public override MetricGauge<T> CreateGauge<T>(string name, string? unit = null, string? description = null)
    {
        MetricNumbers.RequireGauge<T>();
        if (MetricNumbers.IsInteger<T>())
        {
            var integers = meter.CreateGauge<long>(name, unit, description);
            return new Gauge<T>(this, tags, (value, with) => integers.Set(MetricNumbers.ToLong(value), with), name, unit, description);
        }
        var floats = meter.CreateGauge<double>(name, unit, description);
        return new Gauge<T>(this, tags, (value, with) => floats.Set(MetricNumbers.ToDouble(value), with), name, unit, description);
    }

    public override MetricMeter WithTags(IEnumerable<KeyValuePair<string, object>> tags) => new CustomMeter(meter, durations, Join(this.tags, tags));

    private static KeyValuePair<string, object>[] Tags(IEnumerable<KeyValuePair<string, object>> tags) =>
        [.. tags.Select(static tag => new KeyValuePair<string, object>(tag.Key, MetricNumbers.ToTag(tag.Value)))];

    private Action<T, object> RecordOf<T>(string name, string? unit, string? description)
        where T : struct
    {
        if (MetricNumbers.IsInteger<T>())
        {
            var integers = meter.CreateHistogram<long>(name, unit, description);
            return (value, with) => integers.Record(MetricNumbers.ToLong(value), with);
        }
        if (MetricNumbers.IsFloat<T>())
        {
            var floats = meter.CreateHistogram<double>(name, unit, description);
            return (value, with) => floats.Record(MetricNumbers.ToDouble(value), with);
        }
        switch (durations)
        {
            case CustomMetricMeterOptions.DurationFormat.FloatSeconds:
                var seconds = meter.CreateHistogram<double>(name, SdkDuration.UnitOr(unit, "s"), description);
                return (value, with) => seconds.Record(SdkDuration.Milliseconds(value) / 1000.0, with);
            case CustomMetricMeterOptions.DurationFormat.TimeSpan:
                var spans = meter.CreateHistogram<TimeSpan>(name, unit, description);
                return (value, with) => spans.Record(TimeSpan.FromMilliseconds(SdkDuration.Milliseconds(value)), with);
            default:
                var milliseconds = meter.CreateHistogram<long>(name, SdkDuration.UnitOr(unit, "ms"), description);
                return (value, with) => milliseconds.Record(SdkDuration.Milliseconds(value), with);
        }
    }

    private object Join(object tags, IEnumerable<KeyValuePair<string, object>>? more) => more is null ? tags : meter.CreateTags(tags, Tags(more));

    private sealed class Counter<T>(CustomMeter owner, object tags, Action<T, object> add, string name, string? unit, string? description)
        : MetricCounter<T>(name, unit, description)
        where T : struct
    {
        public override void Add(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null) => add(value, owner.Join(tags, extraTags));

        public override MetricCounter<T> WithTags(IEnumerable<KeyValuePair<string, object>> more) =>
            new Counter<T>(owner, owner.Join(tags, more), add, Name, Unit, Description);
    }

    private sealed class Histogram<T>(CustomMeter owner, object tags, Action<T, object> record, string name, string? unit, string? description)
        : MetricHistogram<T>(name, unit, description)
        where T : struct
    {
        public override void Record(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null) => record(value, owner.Join(tags, extraTags));

        public override MetricHistogram<T> WithTags(IEnumerable<KeyValuePair<string, object>> more) =>
            new Histogram<T>(owner, owner.Join(tags, more), record, Name, Unit, Description);
    }

    private sealed class Gauge<T>(CustomMeter owner, object tags, Action<T, object> set, string name, string? unit, string? description)
        : MetricGauge<T>(name, unit, description)
        where T : struct
    {
        public override void Set(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null) => set(value, owner.Join(tags, extraTags));

        public override MetricGauge<T> WithTags(IEnumerable<KeyValuePair<string, object>> more) =>
            new Gauge<T>(owner, owner.Join(tags, more), set, Name, Unit, Description);
    }
}
