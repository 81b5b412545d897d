using Durable.Server.Deployments;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Executions;

/// <summary>The worker version of a run: what workers say of it, and what overrides that.</summary>
public sealed partial class Execution
{
    /// <summary>Null: neither a worker of a version nor an override ever bound it to anything.</summary>
    public WorkflowExecutionVersioningInfo? VersioningInfo => state.Versioning;

    /// <summary>The one version whose workers may have its tasks; null: the queue's routing decides.</summary>
    internal string? PinnedTo
    {
        get
        {
            if (state.Versioning is not { } info)
            {
                return null;
            }
            if (state.PreviousStartedEventId == 0 && info.ContinueAsNewInitialVersioningBehavior == ContinueAsNewVersioningBehavior.UseRampingVersion
                && context.RampingVersion(Namespace, TaskQueue) is { } ramping)
            {
                // For the first task, whatever the percentage.
                return ramping;
            }
            return Versioning.BehaviorOf(info) == VersioningBehavior.Pinned ? VersionNames.KeyOf(Versioning.VersionOf(info)) : null;
        }
    }

    /// <summary>The version of the worker that completed its last workflow task; null: of none.</summary>
    internal string? DeployedTo => VersionNames.KeyOf(state.Versioning?.DeploymentVersion);

    /// <summary>Told to a workflow with its task, so that it may continue as new on the other version.</summary>
    private bool HasNewTarget() =>
        state.Versioning is { VersioningOverride: null, Behavior: VersioningBehavior.Pinned } && context.TargetVersion(Namespace, TaskQueue, WorkflowId) != PinnedTo;

    /// <summary>An override that the runs of a chain hand on.</summary>
    private VersioningOverride? PinnedOverride => state.Versioning?.VersioningOverride is { Pinned: not null } pinned ? pinned : null;

    /// <summary>Null takes the override away.</summary>
    public void Override(VersioningOverride? given, string identity, DateTimeOffset now)
    {
        if (Equals(given, state.Versioning?.VersioningOverride))
        {
            return;
        }
        External(EventType.WorkflowExecutionOptionsUpdated, now, e => e.WorkflowExecutionOptionsUpdatedEventAttributes = new()
        {
            VersioningOverride = given,
            UnsetVersioningOverride = given is null,
            Identity = identity,
        });
        ApplyOverride(given);
        Redispatch(now);
    }

    private void ApplyOverride(VersioningOverride? given)
    {
        state.Versioning = state.Versioning?.Clone() ?? new();
        state.Versioning.VersioningOverride = given;
        changed = true;
        ShowVersion();
    }

    /// <summary>What the event of a completed task says of the worker and of the workflow.</summary>
    private void RecordVersion(WorkflowTaskCompletedEventAttributes completed, DateTimeOffset now)
    {
        state.WorkerDeploymentName = completed.WorkerDeploymentName;
        if (state.Versioning is null && completed.VersioningBehavior == VersioningBehavior.Unspecified)
        {
            return;
        }
        var before = (PinnedTo, DeployedTo);
        var info = state.Versioning?.Clone() ?? new();
        info.Behavior = completed.VersioningBehavior;
        info.ContinueAsNewInitialVersioningBehavior = ContinueAsNewVersioningBehavior.Unspecified;
        info.DeploymentVersion = info.Behavior == VersioningBehavior.Unspecified ? null : completed.DeploymentVersion;
        if (info.Equals(state.Versioning))
        {
            return;
        }
        state.Versioning = info;
        ShowVersion();
        if (before != (PinnedTo, DeployedTo))
        {
            RedispatchActivities(now);
        }
    }

    /// <summary>What waits in a queue may belong into that of another version now.</summary>
    private void Redispatch(DateTimeOffset now)
    {
        if (!IsRunning)
        {
            return;
        }
        if (state.WorkflowTask is { StartedEventId: 0, StickyTaskQueue.Length: 0 })
        {
            stamp++;
            effects.Add(new WorkflowTaskReady(TaskQueue, Sticky: false, stamp));
        }
        ClearSticky(now);
        RedispatchActivities(now);
    }

    private void RedispatchActivities(DateTimeOffset now)
    {
        foreach (var activity in state.Activities.Values)
        {
            if (dispatched.Remove(DispatchOf(activity)) && activity.StartedTime is null)
            {
                activity.Stamp++;
            }
        }
        DispatchDueActivities(now);
    }

    private void ShowVersion()
    {
        var attributes = RunState.Copy(state.SearchAttributes);
        var behavior = Versioning.BehaviorOf(state.Versioning);
        var version = behavior == VersioningBehavior.Unspecified ? null : Versioning.VersionOf(state.Versioning);
        Show("TemporalWorkerDeployment", version?.DeploymentName);
        Show("TemporalWorkerDeploymentVersion", VersionNames.KeyOf(version));
        Show("TemporalWorkflowVersioningBehavior", behavior == VersioningBehavior.Unspecified ? null : behavior.ToString());
        if (behavior == VersioningBehavior.Pinned)
        {
            attributes.IndexedFields["BuildIds"] = ServerPayloads.JsonList("KeywordList", $"pinned:{VersionNames.KeyOf(version)}");
        }
        else
        {
            attributes.IndexedFields.Remove("BuildIds");
        }
        state.SearchAttributes = attributes;
        VisibilityChanged = true;

        void Show(string name, string? value)
        {
            if (value is null)
            {
                attributes.IndexedFields.Remove(name);
            }
            else
            {
                attributes.IndexedFields[name] = ServerPayloads.SearchAttribute(value, IndexedValueType.Keyword);
            }
        }
    }

    private static void AddVersion(WorkflowTaskCompletedEventAttributes completed, RespondWorkflowTaskCompletedRequest request)
    {
        if (request.DeploymentOptions is { } options)
        {
            completed.WorkerDeploymentName = options.DeploymentName;
            completed.DeploymentVersion = VersionNames.Of(options);
            // SDKs say the default behavior though their worker has no version.
            completed.VersioningBehavior = completed.DeploymentVersion is null ? VersioningBehavior.Unspecified : request.VersioningBehavior;
        }
    }
}
