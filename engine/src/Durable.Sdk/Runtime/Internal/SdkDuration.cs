using Temporalio.Common;

namespace Temporalio.Runtime.Internal;

/// <summary>A histogram of durations, in the unit that the runtime is set to.</summary>
internal sealed class SdkDuration
{
    private readonly Action<TimeSpan, IEnumerable<KeyValuePair<string, object>>> record;

    public SdkDuration(MetricMeter meter, string name, CustomMetricMeterOptions.DurationFormat format)
    {
        switch (format)
        {
            case CustomMetricMeterOptions.DurationFormat.FloatSeconds:
                var seconds = meter.CreateHistogram<double>(name, "s");
                record = (value, tags) => seconds.Record(value.TotalSeconds, tags);
                break;
            case CustomMetricMeterOptions.DurationFormat.TimeSpan:
                var spans = meter.CreateHistogram<TimeSpan>(name, "duration");
                record = (value, tags) => spans.Record(value, tags);
                break;
            default:
                var milliseconds = meter.CreateHistogram<long>(name, "ms");
                record = (value, tags) => milliseconds.Record((long)value.TotalMilliseconds, tags);
                break;
        }
    }

    public void Record(TimeSpan value, IEnumerable<KeyValuePair<string, object>> tags) => record(value < TimeSpan.Zero ? TimeSpan.Zero : value, tags);
}
