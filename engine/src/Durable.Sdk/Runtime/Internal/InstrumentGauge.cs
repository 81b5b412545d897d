using System.Diagnostics.Metrics;
using Temporalio.Common;

namespace Temporalio.Runtime.Internal;

internal sealed class InstrumentGauge<T>(Gauge<T> gauge, KeyValuePair<string, object?>[] tags)
    : MetricGauge<T>(gauge.Name, gauge.Unit, gauge.Description)
    where T : struct
{
    public override void Set(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null)
    {
        if (gauge.Enabled)
        {
            gauge.Record(value, InstrumentMeter.Join(tags, extraTags));
        }
    }

    public override MetricGauge<T> WithTags(IEnumerable<KeyValuePair<string, object>> more) =>
        new InstrumentGauge<T>(gauge, InstrumentMeter.Join(tags, more));
}
