using System.Globalization;
using System.Text;

namespace Durable.Metrics;

/// <summary>The numbers of one label combination.</summary>
internal sealed class MetricSeries
{
    private readonly KeyValuePair<string, object?>[] tags;
    private readonly long[] buckets;
    private readonly string labels;
    private double value;

    public MetricSeries(ReadOnlySpan<KeyValuePair<string, object?>> tags, int bounds)
    {
        this.tags = tags.ToArray();
        buckets = bounds == 0 ? [] : new long[bounds + 1];
        labels = string.Join(',', this.tags.Select(tag => $"{Label(tag.Key)}=\"{PrometheusExporter.Escape(Text(tag.Value), quotes: true)}\""));
    }

    /// <summary>Same tags in the same order: an instrument is always fed by the same line of code, so the order does not vary.</summary>
    public bool Matches(ReadOnlySpan<KeyValuePair<string, object?>> other)
    {
        if (other.Length != tags.Length)
        {
            return false;
        }
        for (var i = 0; i < tags.Length; i++)
        {
            if (!string.Equals(tags[i].Key, other[i].Key, StringComparison.Ordinal) || !Equals(tags[i].Value, other[i].Value))
            {
                return false;
            }
        }
        return true;
    }

    public void Add(double amount)
    {
        double seen;
        do
        {
            seen = Volatile.Read(ref value);
        }
        while (BitConverter.DoubleToInt64Bits(Interlocked.CompareExchange(ref value, seen + amount, seen)) != BitConverter.DoubleToInt64Bits(seen));
    }

    public void Set(double amount) => Volatile.Write(ref value, amount);

    public void Observe(double amount, double[] bounds)
    {
        var bucket = 0;
        while (bucket < bounds.Length && amount > bounds[bucket])
        {
            bucket++;
        }
        Interlocked.Increment(ref buckets[bucket]);
        Add(amount);
    }

    public void Write(StringBuilder text, string name, MetricKind kind, double[] bounds)
    {
        if (kind != MetricKind.Histogram)
        {
            text.Append(name).Append(labels.Length == 0 ? "" : "{" + labels + "}").Append(' ').Append(Number(Volatile.Read(ref value))).Append('\n');
            return;
        }
        var separator = labels.Length == 0 ? "" : ",";
        long count = 0;
        for (var i = 0; i < buckets.Length; i++)
        {
            count += Volatile.Read(ref buckets[i]);
            var bound = i < bounds.Length ? Number(bounds[i]) : "+Inf";
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels}{separator}le=\"{bound}\"}} {count}\n");
        }
        var braces = labels.Length == 0 ? "" : "{" + labels + "}";
        text.Append(CultureInfo.InvariantCulture, $"{name}_sum{braces} {Number(Volatile.Read(ref value))}\n");
        text.Append(CultureInfo.InvariantCulture, $"{name}_count{braces} {count}\n");
    }

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(object? tag) => Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "";

    private static string Label(string key)
    {
        var name = key.ToCharArray();
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(name[i]) && name[i] != '_')
            {
                name[i] = '_';
            }
        }
        return new string(name);
    }
}
