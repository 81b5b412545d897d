namespace Temporalio.Workflows;

/// <summary>The versioning of the first task of a continued run.</summary>
public enum InitialVersioningBehavior
{
    Unspecified = 0,

    /// <summary>The new run starts on the target version of its task queue.</summary>
    AutoUpgrade = 1,

    /// <summary>The new run starts on the ramping version.</summary>
    UseRampingVersion = 2,
}
