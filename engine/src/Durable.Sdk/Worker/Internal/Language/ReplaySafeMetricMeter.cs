using Temporalio.Common;

namespace Temporalio.Worker.Internal.Language;

/// <summary>Records nothing while a workflow repeats what it has recorded already.</summary>
internal sealed class ReplaySafeMetricMeter(MetricMeter inner, WorkflowInstance workflow) : MetricMeter
{
    public override MetricCounter<T> CreateCounter<T>(string name, string? unit = null, string? description = null) =>
        new ReplaySafeCounter<T>(inner.CreateCounter<T>(name, unit, description), workflow);

    public override MetricHistogram<T> CreateHistogram<T>(string name, string? unit = null, string? description = null) =>
        new ReplaySafeHistogram<T>(inner.CreateHistogram<T>(name, unit, description), workflow);

    public override MetricGauge<T> CreateGauge<T>(string name, string? unit = null, string? description = null) =>
        new ReplaySafeGauge<T>(inner.CreateGauge<T>(name, unit, description), workflow);

    public override MetricMeter WithTags(IEnumerable<KeyValuePair<string, object>> tags) =>
        new ReplaySafeMetricMeter(inner.WithTags(tags), workflow);
}
