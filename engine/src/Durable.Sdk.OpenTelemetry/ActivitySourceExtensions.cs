using System.Diagnostics;
using Temporalio.Workflows;

namespace Temporalio.Extensions.OpenTelemetry;

/// <summary>Spans in workflow code.</summary>
public static class ActivitySourceExtensions
{
    /// <summary>Records a span that is over at once, and makes its context the current one until disposed. Silent on replay.</summary>
    /// <param name="evenOnReplay">For what does not become part of the history, such as queries.</param>
    /// <param name="inheritParentTags">Adds those of the current one.</param>
    /// <param name="updateActivity">Called while the span is open; not when there is none.</param>
    /// <exception cref="InvalidOperationException">Not in a workflow.</exception>
    public static WorkflowDiagnosticActivity TrackWorkflowDiagnosticActivity(
        this ActivitySource source,
        string name,
        ActivityKind kind = ActivityKind.Internal,
        IEnumerable<KeyValuePair<string, object?>>? tags = null,
        IEnumerable<ActivityLink>? links = null,
        bool evenOnReplay = false,
        bool inheritParentTags = true,
        Action<Activity>? updateActivity = null)
    {
        if (!Workflow.InWorkflow)
        {
            throw new InvalidOperationException("Not in a workflow");
        }
        var parent = WorkflowDiagnosticActivity.Current;
        IReadOnlyCollection<KeyValuePair<string, object?>>? all =
            !inheritParentTags || parent?.Tags is not { } inherited ? tags?.ToArray() : [.. inherited, .. tags ?? []];
        Activity? activity = null;
        if (evenOnReplay || !Workflow.Unsafe.IsReplaying)
        {
            activity = source.StartActivity(name, kind, parent?.Context ?? default, all, links);
            if (activity is not null)
            {
                updateActivity?.Invoke(activity);
                activity.Stop();
            }
        }
        return new(activity, activity?.Context ?? parent?.Context ?? default, all);
    }
}
