namespace Temporalio.Runtime;

/// <summary>A gauge of a custom meter.</summary>
public interface ICustomMetricGauge<T> : ICustomMetric<T>
    where T : struct
{
#pragma warning disable CA1716 // The name is the official SDK's.
    /// <param name="tags">From <see cref="ICustomMetricMeter.CreateTags"/>.</param>
    void Set(T value, object tags);
#pragma warning restore CA1716
}
