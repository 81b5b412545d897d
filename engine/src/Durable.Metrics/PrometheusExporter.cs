using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Durable.Metrics;

/// <summary>
/// Listens to meters and writes what they measured as Prometheus text (format 0.0.4). Stands in for OpenTelemetry.Exporter.Prometheus.AspNetCore,
/// which not every package feed has. Thread-safe; recording takes no lock.
/// </summary>
public sealed class PrometheusExporter : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly ConcurrentDictionary<Instrument, MetricFamily> families = new();
    private readonly MeterListener listener = new();

    /// <param name="listensTo">By meter name.</param>
    public PrometheusExporter(Func<string, bool> listensTo)
    {
        ArgumentNullException.ThrowIfNull(listensTo);
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (listensTo(instrument.Meter.Name))
            {
                self.EnableMeasurementEvents(instrument, families.GetOrAdd(instrument, static i => new MetricFamily(i)));
            }
        };
        listener.MeasurementsCompleted = (instrument, _) => families.TryRemove(instrument, out var _);
        listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => ((MetricFamily)state!).Record((double)value, tags));
        listener.Start();
    }

    /// <summary>Reads the observable instruments and renders everything.</summary>
    public string Render()
    {
        listener.RecordObservableInstruments();
        var text = new StringBuilder(16 * 1024);
        var byName = families.Values.GroupBy(f => f.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var group in byName)
        {
            var first = group.First();
            text.Append(CultureInfo.InvariantCulture, $"# HELP {first.Name} {Escape(first.Help, quotes: false)}\n");
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {first.Name} {first.Type}\n");
            foreach (var family in group)
            {
                family.Write(text);
            }
        }
        return text.ToString();
    }

    public void Dispose() => listener.Dispose();

    internal static string Escape(string text, bool quotes)
    {
        if (text.AsSpan().IndexOfAny(Special) < 0)
        {
            return text;
        }
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static readonly SearchValues<char> Special = SearchValues.Create("\\\n\"");
}
