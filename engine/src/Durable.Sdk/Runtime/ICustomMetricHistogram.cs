namespace Temporalio.Runtime;

/// <summary>A histogram of a custom meter.</summary>
public interface ICustomMetricHistogram<T> : ICustomMetric<T>
    where T : struct
{
    /// <param name="tags">From <see cref="ICustomMetricMeter.CreateTags"/>.</param>
    void Record(T value, object tags);
}
