using System.Diagnostics.Metrics;
using System.Text;

namespace Durable.Metrics;

/// <summary>One instrument with its series. A new series copies the array; recording into a known one takes no lock.</summary>
internal sealed class MetricFamily
{
    /// <summary>More label combinations than this are summed into one series: a label with unbounded values must not eat the memory.</summary>
    private const int SeriesMax = 500;

    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly MetricKind kind;
    private readonly double[] bounds;
    private readonly Lock growing = new();
    private volatile MetricSeries[] series = [];

    public MetricFamily(Instrument instrument)
    {
        kind = KindOf(instrument);
        bounds = kind != MetricKind.Histogram ? []
            : (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries?.ToArray() ?? DefaultBounds;
        Name = NameOf(instrument, kind);
        Help = string.IsNullOrWhiteSpace(instrument.Description) ? $"{instrument.Name} of {instrument.Meter.Name}." : instrument.Description;
    }

    public string Name { get; }

    public string Help { get; }

    public string Type => kind switch
    {
        MetricKind.Sum or MetricKind.ObservedSum => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var one = Find(tags);
        switch (kind)
        {
            case MetricKind.Sum or MetricKind.UpDown:
                one.Add(value);
                break;
            case MetricKind.Histogram:
                one.Observe(value, bounds);
                break;
            default:
                one.Set(value);
                break;
        }
    }

    public void Write(StringBuilder text)
    {
        foreach (var one in series)
        {
            one.Write(text, Name, kind, bounds);
        }
    }

    private MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var one in series)
        {
            if (one.Matches(tags))
            {
                return one;
            }
        }
        lock (growing)
        {
            var known = series;
            foreach (var one in known)
            {
                if (one.Matches(tags))
                {
                    return one;
                }
            }
            if (known.Length > SeriesMax)
            {
                return known[SeriesMax];
            }
            var added = new MetricSeries(known.Length == SeriesMax ? [new("otel_metric_overflow", "true")] : tags, bounds.Length);
            series = [.. known, added];
            return added;
        }
    }

    private static MetricKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType();
        var name = type.IsGenericType ? type.GetGenericTypeDefinition().Name : type.Name;
        return name switch
        {
            "Counter`1" => MetricKind.Sum,
            "ObservableCounter`1" => MetricKind.ObservedSum,
            "UpDownCounter`1" => MetricKind.UpDown,
            "Histogram`1" => MetricKind.Histogram,
            _ => MetricKind.Gauge,
        };
    }

    // OpenTelemetry's rules for Prometheus names: unit as a word, counters end with _total; a name that has them already keeps its shape.
    private static string NameOf(Instrument instrument, MetricKind kind)
    {
        var name = new StringBuilder(instrument.Name);
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(name[i]) && name[i] is not ('_' or ':'))
            {
                name[i] = '_';
            }
        }
        var counter = kind is MetricKind.Sum or MetricKind.ObservedSum;
        var text = name.ToString();
        if (counter && text.EndsWith("_total", StringComparison.Ordinal))
        {
            text = text[..^"_total".Length];
        }
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", "ms" => "_milliseconds", _ => "" };
        if (unit.Length > 0 && !text.EndsWith(unit, StringComparison.Ordinal) && !instrument.Name.StartsWith("temporal_", StringComparison.Ordinal))
        {
            text += unit;
        }
        // Prometheus keeps _count for histograms; .NET names some gauges so (dotnet.assembly.count).
        if (kind != MetricKind.Histogram && text.EndsWith("_count", StringComparison.Ordinal))
        {
            text = text[..^"_count".Length];
        }
        return counter ? text + "_total" : text;
    }
}
