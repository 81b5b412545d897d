using System.Collections.Concurrent;
using Temporalio.Common;
using Temporalio.Runtime.Internal;

namespace Temporalio.Worker.Internal;

/// <summary>The SDK's metrics with the tags of one worker. Tags are made once per type, not per number.</summary>
internal sealed class WorkerMetrics(SdkMetrics metrics, string @namespace, string taskQueue)
{
    private readonly KeyValuePair<string, object>[] own = [new("namespace", @namespace), new("task_queue", taskQueue)];
    private readonly ConcurrentDictionary<(string Key, string Value), KeyValuePair<string, object>[]> tags = new();
    private readonly ConcurrentDictionary<(string Type, string? WorkflowType), KeyValuePair<string, object>[]> activities = new();

    public SdkMetrics Sdk => metrics;

    /// <summary>Namespace and task queue.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Queue => own;

    public IReadOnlyList<KeyValuePair<string, object>> Workflow(string type) => With("workflow_type", type);

    /// <param name="workflowType">Null: the activity has no workflow.</param>
    public IReadOnlyList<KeyValuePair<string, object>> Activity(string type, string? workflowType) =>
        activities.GetOrAdd(
            (type, workflowType),
            static (key, own) => key.WorkflowType is null
                ? [.. own, new("activity_type", key.Type)]
                : [.. own, new("activity_type", key.Type), new("workflow_type", key.WorkflowType)],
            own);

    public IReadOnlyList<KeyValuePair<string, object>> Pollers(string type) => With("poller_type", type);

    /// <summary>Reports how many slots are taken, and how many are left when the supplier has a fixed number.</summary>
    public void Slots(string workerType, int used, int? available)
    {
        var tags = With("worker_type", workerType);
        metrics.SlotsUsed.Set(used, tags);
        if (available is { } free)
        {
            metrics.SlotsAvailable.Set(free, tags);
        }
    }

    private KeyValuePair<string, object>[] With(string key, string value) =>
        tags.GetOrAdd((key, value), static (tag, own) => [.. own, new(tag.Key, tag.Value)], own);
}
