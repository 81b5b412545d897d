using Durable.Server.Deployments;
using Temporalio.Api.Deployment.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Workflow.V1;

namespace Durable.Server.Executions;

/// <summary>What a run is bound to: what workers said of it, unless somebody overrides that.</summary>
internal static class Versioning
{
    public static VersioningBehavior BehaviorOf(WorkflowExecutionVersioningInfo? info) => info?.VersioningOverride switch
    {
        { Pinned: not null } => VersioningBehavior.Pinned,
        { AutoUpgrade: true } => VersioningBehavior.AutoUpgrade,
        _ => info?.Behavior ?? VersioningBehavior.Unspecified,
    };

    public static WorkerDeploymentVersion? VersionOf(WorkflowExecutionVersioningInfo? info) =>
        info?.VersioningOverride?.Pinned?.Version ?? info?.DeploymentVersion;

    /// <summary>What the run that begins with this event is bound to from the start; null: nothing.</summary>
    public static WorkflowExecutionVersioningInfo? AtStart(WorkflowExecutionStartedEventAttributes started)
    {
        if (started.VersioningOverride is null && started.InheritedPinnedVersion is null && started.InheritedAutoUpgradeInfo is null)
        {
            return null;
        }
        var info = new WorkflowExecutionVersioningInfo { VersioningOverride = started.VersioningOverride };
        if (started.InheritedPinnedVersion is { } pinned)
        {
            (info.DeploymentVersion, info.Behavior) = (pinned, VersioningBehavior.Pinned);
        }
        else if (started.InheritedAutoUpgradeInfo is { } source)
        {
            (info.DeploymentVersion, info.Behavior) = (source.SourceDeploymentVersion, VersioningBehavior.AutoUpgrade);
            info.ContinueAsNewInitialVersioningBehavior = source.ContinueAsNewInitialVersioningBehavior;
        }
        return info;
    }

    /// <summary>What a run takes from its parent, or from the run that it continues.</summary>
    /// <param name="fits">Workers of that version poll the new run's queue.</param>
    public static void Inherit(
        WorkflowExecutionStartedEventAttributes started, WorkflowExecutionVersioningInfo? from, bool fits,
        ContinueAsNewVersioningBehavior initial = ContinueAsNewVersioningBehavior.Unspecified)
    {
        started.VersioningOverride = null;
        started.InheritedPinnedVersion = null;
        started.InheritedAutoUpgradeInfo = null;
        if (!fits || VersionOf(from) is not { } version || BehaviorOf(from) is var behavior && behavior == VersioningBehavior.Unspecified)
        {
            return;
        }
        if (from!.VersioningOverride is { Pinned: not null } pinned)
        {
            started.VersioningOverride = pinned;
        }
        if (behavior == VersioningBehavior.Pinned && initial == ContinueAsNewVersioningBehavior.Unspecified)
        {
            started.InheritedPinnedVersion = version;
        }
        else
        {
            started.InheritedAutoUpgradeInfo = new() { SourceDeploymentVersion = version, ContinueAsNewInitialVersioningBehavior = initial };
        }
    }

    /// <summary>A caller's override without the deprecated fields.</summary>
    /// <exception cref="Durable.Protocol.RpcFaultException">INVALID_ARGUMENT.</exception>
    public static VersioningOverride? Read(VersioningOverride? given)
    {
        switch (given?.OverrideCase)
        {
            case null:
                return null;
            case VersioningOverride.OverrideOneofCase.AutoUpgrade:
                return given.AutoUpgrade ? new() { AutoUpgrade = true } : throw Faults.InvalidArgument("auto-upgrade override must be true");
            case VersioningOverride.OverrideOneofCase.Pinned:
                if (given.Pinned.Version is null)
                {
                    throw Faults.InvalidArgument("must provide version if override is pinned.");
                }
                if (given.Pinned.Behavior == VersioningOverride.Types.PinnedOverrideBehavior.Unspecified)
                {
                    throw Faults.InvalidArgument("must specify pinned override behavior if override is pinned.");
                }
                VersionNames.Check(given.Pinned.Version);
                return Pinned(given.Pinned.Version);
            case VersioningOverride.OverrideOneofCase.OneTime:
                throw Faults.InvalidArgument("one-time versioning overrides are not supported");
        }
#pragma warning disable CS0612 // What older clients send.
        return given.Behavior switch
        {
            VersioningBehavior.AutoUpgrade => new() { AutoUpgrade = true },
            VersioningBehavior.Pinned when given.PinnedVersion.Length > 0 && VersionNames.Parse(given.PinnedVersion) is { } version => Pinned(version),
            VersioningBehavior.Pinned when given.Deployment is { } deployment => Pinned(new() { DeploymentName = deployment.SeriesName, BuildId = deployment.BuildId }),
            VersioningBehavior.Pinned => throw Faults.InvalidArgument("must provide deployment (deprecated) or pinned version if behavior is 'PINNED'"),
            _ => throw Faults.InvalidArgument("override behavior is required"),
        };
#pragma warning restore CS0612
    }

    /// <summary>As it is shown: with the deprecated fields, which older clients read.</summary>
    public static WorkflowExecutionVersioningInfo? Shown(WorkflowExecutionVersioningInfo? info)
    {
        if (info is null)
        {
            return null;
        }
        var shown = info.Clone();
#pragma warning disable CS0612
        shown.Version = shown.DeploymentVersion is { } version ? VersionNames.Old(version) : "";
        if (shown.VersioningOverride is { } given)
        {
            given.Behavior = BehaviorOf(info);
            given.PinnedVersion = given.Pinned is { } pinned ? VersionNames.Old(pinned.Version) : "";
        }
#pragma warning restore CS0612
        return shown;
    }

    private static VersioningOverride Pinned(WorkerDeploymentVersion version) =>
        new() { Pinned = new() { Behavior = VersioningOverride.Types.PinnedOverrideBehavior.Pinned, Version = version } };
}
