using System.Diagnostics;
using System.Diagnostics.Metrics;
using Temporalio.Runtime;
using Temporalio.Workflows;

namespace Temporalio.Extensions.DiagnosticSource;

/// <summary>Records the metrics of a runtime on a .NET meter: set it as <see cref="MetricsOptions.CustomMetricMeter"/>.</summary>
/// <remarks>Durations are whole milliseconds unless <see cref="MetricsOptions.CustomMetricMeterOptions"/> asks for seconds.</remarks>
public class CustomMetricMeter : ICustomMetricMeter
{
    private readonly bool disableWorkflowTracingEventListener;

    /// <param name="disableWorkflowTracingEventListener">Whether listeners of the meter may use timers or other threads although it is workflow code that records;
    /// default: no, that fails the workflow task.</param>
    public CustomMetricMeter(Meter meter, bool disableWorkflowTracingEventListener = false)
    {
        Meter = meter;
        this.disableWorkflowTracingEventListener = disableWorkflowTracingEventListener;
    }

    public Meter Meter { get; private init; }

    /// <inheritdoc/>
    public ICustomMetricCounter<T> CreateCounter<T>(string name, string? unit, string? description)
        where T : struct => new Counter<T>(this, Create(() => Meter.CreateCounter<T>(name, unit, description)));

    /// <inheritdoc/>
    public ICustomMetricHistogram<T> CreateHistogram<T>(string name, string? unit, string? description)
        where T : struct => typeof(T) == typeof(TimeSpan)
            // No .NET meter takes a duration as such.
            ? (ICustomMetricHistogram<T>)(object)new Durations(this, Create(() => Meter.CreateHistogram<long>(name, unit == "duration" ? "ms" : unit, description)))
            : new Histogram<T>(this, Create(() => Meter.CreateHistogram<T>(name, unit, description)));

    /// <inheritdoc/>
    public ICustomMetricGauge<T> CreateGauge<T>(string name, string? unit, string? description)
        where T : struct => new Gauge<T>(this, Create(() => Meter.CreateGauge<T>(name, unit, description)));

    /// <inheritdoc/>
    public object CreateTags(object? appendFrom, IReadOnlyCollection<KeyValuePair<string, object>> tags)
    {
        // A name that is there already gets the new value, in its place.
        var joined = ((KeyValuePair<string, object?>[]?)appendFrom ?? []).ToList();
        foreach (var (name, value) in tags)
        {
            var known = joined.FindIndex(tag => tag.Key == name);
            if (known < 0)
            {
                joined.Add(new(name, value));
            }
            else
            {
                joined[known] = new(name, value);
            }
        }
        return joined.ToArray();
    }

    private T Create<T>(Func<T> create) => IsToBeHidden ? Workflow.Unsafe.WithTracingEventListenerDisabled(create) : create();

    private void Record(Action record)
    {
        if (IsToBeHidden)
        {
            Workflow.Unsafe.WithTracingEventListenerDisabled(record);
        }
        else
        {
            record();
        }
    }

    private bool IsToBeHidden => disableWorkflowTracingEventListener && Workflow.InWorkflow;

    private static TagList Tags(object tags) => new((KeyValuePair<string, object?>[])tags);

    private sealed class Counter<T>(CustomMetricMeter owner, System.Diagnostics.Metrics.Counter<T> counter) : ICustomMetricCounter<T>
        where T : struct
    {
        public void Add(T value, object tags) => owner.Record(() => counter.Add(value, Tags(tags)));
    }

    private sealed class Histogram<T>(CustomMetricMeter owner, System.Diagnostics.Metrics.Histogram<T> histogram) : ICustomMetricHistogram<T>
        where T : struct
    {
        public void Record(T value, object tags) => owner.Record(() => histogram.Record(value, Tags(tags)));
    }

    private sealed class Durations(CustomMetricMeter owner, System.Diagnostics.Metrics.Histogram<long> histogram) : ICustomMetricHistogram<TimeSpan>
    {
        public void Record(TimeSpan value, object tags) => owner.Record(() => histogram.Record((long)value.TotalMilliseconds, Tags(tags)));
    }

    private sealed class Gauge<T>(CustomMetricMeter owner, System.Diagnostics.Metrics.Gauge<T> gauge) : ICustomMetricGauge<T>
        where T : struct
    {
#pragma warning disable CA1716 // The name is the official SDK's.
        public void Set(T value, object tags) => owner.Record(() => gauge.Record(value, Tags(tags)));
#pragma warning restore CA1716
    }
}
