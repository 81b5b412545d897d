namespace Temporalio.Common;

/// <summary>How a workflow moves between versions of a worker deployment.</summary>
public enum VersioningBehavior
{
    Unspecified = 0,

    /// <summary>Stays on the version it began on.</summary>
    Pinned = 1,

    /// <summary>Goes on with the current version at its next task.</summary>
    AutoUpgrade = 2,
}
