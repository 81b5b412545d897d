using System.Diagnostics.Metrics;
using Temporalio.Common;

namespace Temporalio.Runtime.Internal;

/// <summary>A histogram of durations in milliseconds, or in seconds with a fraction.</summary>
/// <param name="milliseconds">Null: in seconds.</param>
/// <param name="seconds">Null: in milliseconds.</param>
internal sealed class InstrumentDuration<T>(Histogram<long>? milliseconds, Histogram<double>? seconds, KeyValuePair<string, object?>[] tags)
    : MetricHistogram<T>(Of(milliseconds, seconds).Name, Of(milliseconds, seconds).Unit, Of(milliseconds, seconds).Description)
    where T : struct
{
    public override void Record(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null)
    {
        if (!Of(milliseconds, seconds).Enabled)
        {
            return;
        }
        var duration = SdkDuration.Milliseconds(value);
        milliseconds?.Record(duration, InstrumentMeter.Join(tags, extraTags));
        seconds?.Record(duration / 1000.0, InstrumentMeter.Join(tags, extraTags));
    }

    public override MetricHistogram<T> WithTags(IEnumerable<KeyValuePair<string, object>> more) =>
        new InstrumentDuration<T>(milliseconds, seconds, InstrumentMeter.Join(tags, more));

    private static Instrument Of(Instrument? one, Instrument? other) => (one ?? other)!;
}
