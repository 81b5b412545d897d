namespace Temporalio.Runtime;

/// <summary>Takes all metrics of a runtime, those of the SDK and those of workflows and activities. Must be thread-safe and not throw.</summary>
public interface ICustomMetricMeter
{
    ICustomMetricCounter<T> CreateCounter<T>(string name, string? unit, string? description)
        where T : struct;

    ICustomMetricHistogram<T> CreateHistogram<T>(string name, string? unit, string? description)
        where T : struct;

    ICustomMetricGauge<T> CreateGauge<T>(string name, string? unit, string? description)
        where T : struct;

    /// <summary>Tags as the meter wants to have them with each number.</summary>
    /// <param name="appendFrom">Tags of an earlier call, to which these are added; null: none.</param>
    object CreateTags(object? appendFrom, IReadOnlyCollection<KeyValuePair<string, object>> tags);
}
