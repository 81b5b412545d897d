using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Workflow.V1;

namespace Durable.Server.Executions;

/// <summary>Options of a run that can be changed while it runs: its priority, and the worker version that it is bound to.</summary>
public sealed partial class Execution
{
    /// <summary>Changes the options that <paramref name="paths"/> name; what is as it was leaves no event, and nothing wakes the workflow.</summary>
    /// <returns>All options as they are then.</returns>
    public WorkflowExecutionOptions UpdateOptions(WorkflowExecutionOptions options, IEnumerable<string> paths, string identity, DateTimeOffset now)
    {
        RequireRunning();
        var priority = state.Started.Priority?.Clone();
        var given = state.Versioning?.VersioningOverride;
        foreach (var path in paths)
        {
            switch (path)
            {
                case "priority":
                    priority = options.Priority;
                    break;
                case "priority.priority_key" or "priority.priorityKey":
                    (priority ??= new()).PriorityKey = options.Priority?.PriorityKey ?? 0;
                    break;
                case "priority.fairness_key" or "priority.fairnessKey":
                    (priority ??= new()).FairnessKey = options.Priority?.FairnessKey ?? "";
                    break;
                case "priority.fairness_weight" or "priority.fairnessWeight":
                    (priority ??= new()).FairnessWeight = options.Priority?.FairnessWeight ?? 0;
                    break;
                case "versioning_override" or "versioningOverride":
                    given = options.VersioningOverride;
                    break;
                default:
                    throw Faults.InvalidArgument($"error applying update_options: {path} cannot be changed");
            }
        }
        if (!Equals(priority, state.Started.Priority))
        {
            SetPriority(priority);
            External(EventType.WorkflowExecutionOptionsUpdated, now, e => e.WorkflowExecutionOptionsUpdatedEventAttributes = new()
            {
                Priority = priority,
                Identity = identity,
            });
        }
        Override(given, identity, now);
        return new WorkflowExecutionOptions { Priority = priority, VersioningOverride = Versioning.Shown(state.Versioning)?.VersioningOverride };
    }

    private void SetPriority(Priority? priority)
    {
        var started = state.Started.Clone();
        started.Priority = priority;
        state.Started = started;
        changed = true;
    }
}
