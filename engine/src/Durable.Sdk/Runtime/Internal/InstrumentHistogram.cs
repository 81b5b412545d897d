using System.Diagnostics.Metrics;
using Temporalio.Common;

namespace Temporalio.Runtime.Internal;

internal sealed class InstrumentHistogram<T>(Histogram<T> histogram, KeyValuePair<string, object?>[] tags)
    : MetricHistogram<T>(histogram.Name, histogram.Unit, histogram.Description)
    where T : struct
{
    public override void Record(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null)
    {
        if (histogram.Enabled)
        {
            histogram.Record(value, InstrumentMeter.Join(tags, extraTags));
        }
    }

    public override MetricHistogram<T> WithTags(IEnumerable<KeyValuePair<string, object>> more) =>
        new InstrumentHistogram<T>(histogram, InstrumentMeter.Join(tags, more));
}
