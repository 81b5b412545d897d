using Temporalio.Common;

namespace Temporalio.Runtime.Internal;

/// <summary>A histogram of durations of the SDK's own. Clocks that were set back show as nothing, not as an error.</summary>
internal sealed class SdkDuration(MetricMeter meter, string name, string description)
{
    /// <summary>What stands for the unit until the meter has decided in what it counts.</summary>
    private const string AnyUnit = "duration";

    private readonly MetricHistogram<TimeSpan> histogram = meter.CreateHistogram<TimeSpan>(name, AnyUnit, description);

    public static string? UnitOr(string? unit, string counted) => unit == AnyUnit ? counted : unit;

    /// <exception cref="ArgumentException">The value is negative.</exception>
    public static long Milliseconds<T>(T value)
        where T : struct =>
        value is TimeSpan span ? MetricNumbers.ToLong((long)span.TotalMilliseconds) : throw new ArgumentException($"Only TimeSpan types supported, but got {typeof(T)}");

    public void Record(TimeSpan value, IEnumerable<KeyValuePair<string, object>> tags) => histogram.Record(value < TimeSpan.Zero ? TimeSpan.Zero : value, tags);
}
