namespace Temporalio.Runtime;

/// <summary>How a custom meter gets its numbers.</summary>
public class CustomMetricMeterOptions
{
    public CustomMetricMeterOptions()
    {
    }

    /// <summary>What a duration is recorded as.</summary>
    public enum DurationFormat
    {
        /// <summary>As <see cref="long"/>.</summary>
        IntegerMilliseconds = 0,

        /// <summary>As <see cref="double"/>.</summary>
        FloatSeconds = 1,

        /// <summary>As <see cref="System.TimeSpan"/>.</summary>
        TimeSpan = 2,
    }

    public DurationFormat HistogramDurationFormat { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
