using Temporalio.Common;

namespace Temporalio.Worker.Internal.Language;

internal sealed class ReplaySafeHistogram<T>(MetricHistogram<T> inner, WorkflowInstance workflow) : MetricHistogram<T>(inner.Name, inner.Unit, inner.Description)
    where T : struct
{
    public override void Record(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null)
    {
        if (!workflow.IsReplaying)
        {
            inner.Record(value, extraTags);
        }
    }

    public override MetricHistogram<T> WithTags(IEnumerable<KeyValuePair<string, object>> tags) => new ReplaySafeHistogram<T>(inner.WithTags(tags), workflow);
}
