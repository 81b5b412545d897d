namespace Temporalio.Runtime;

/// <summary>A counter of a custom meter.</summary>
public interface ICustomMetricCounter<T> : ICustomMetric<T>
    where T : struct
{
    /// <param name="tags">From <see cref="ICustomMetricMeter.CreateTags"/>.</param>
    void Add(T value, object tags);
}
