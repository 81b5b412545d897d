using Temporalio.Common;

namespace Temporalio.Worker.Internal.Language;

internal sealed class ReplaySafeCounter<T>(MetricCounter<T> inner, WorkflowInstance workflow) : MetricCounter<T>(inner.Name, inner.Unit, inner.Description)
    where T : struct
{
    public override void Add(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null)
    {
        if (!workflow.IsReplaying)
        {
            inner.Add(value, extraTags);
        }
    }

    public override MetricCounter<T> WithTags(IEnumerable<KeyValuePair<string, object>> tags) => new ReplaySafeCounter<T>(inner.WithTags(tags), workflow);
}
