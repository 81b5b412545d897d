using Temporalio.Common;

namespace Temporalio.Worker.Internal.Language;

internal sealed class ReplaySafeGauge<T>(MetricGauge<T> inner, WorkflowInstance workflow) : MetricGauge<T>(inner.Name, inner.Unit, inner.Description)
    where T : struct
{
    public override void Set(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null)
    {
        if (!workflow.IsReplaying)
        {
            inner.Set(value, extraTags);
        }
    }

    public override MetricGauge<T> WithTags(IEnumerable<KeyValuePair<string, object>> tags) => new ReplaySafeGauge<T>(inner.WithTags(tags), workflow);
}
