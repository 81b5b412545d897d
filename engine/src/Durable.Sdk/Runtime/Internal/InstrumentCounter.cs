using System.Diagnostics.Metrics;
using Temporalio.Common;

namespace Temporalio.Runtime.Internal;

internal sealed class InstrumentCounter<T>(Counter<T> counter, KeyValuePair<string, object?>[] tags)
    : MetricCounter<T>(counter.Name, counter.Unit, counter.Description)
    where T : struct
{
    public override void Add(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null)
    {
        if (counter.Enabled)
        {
            counter.Add(value, InstrumentMeter.Join(tags, extraTags));
        }
    }

    public override MetricCounter<T> WithTags(IEnumerable<KeyValuePair<string, object>> more) =>
        new InstrumentCounter<T>(counter, InstrumentMeter.Join(tags, more));
}
