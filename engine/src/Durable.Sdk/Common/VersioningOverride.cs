namespace Temporalio.Common;

/// <summary>Which version of a worker deployment runs a workflow.</summary>
public abstract record VersioningOverride
{
    private VersioningOverride()
    {
    }

    /// <summary>How firmly a version is pinned.</summary>
    public enum PinnedOverrideBehavior
    {
        Unspecified = 0,
        Pinned = 1,
    }

    /// <summary>This version until the workflow ends.</summary>
    public sealed record Pinned(WorkerDeploymentVersion Version, PinnedOverrideBehavior Behavior = PinnedOverrideBehavior.Pinned) : VersioningOverride;

    /// <summary>The current version, also when it changes.</summary>
    public sealed record AutoUpgrade : VersioningOverride;
}
