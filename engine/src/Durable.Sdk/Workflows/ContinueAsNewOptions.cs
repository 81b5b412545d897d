using Temporalio.Common;

namespace Temporalio.Workflows;

/// <summary>What the next run gets that differs from this one.</summary>
public class ContinueAsNewOptions : ICloneable
{
    /// <summary>Null: the same.</summary>
    public string? TaskQueue { get; set; }

    /// <summary>Null: the same.</summary>
    public TimeSpan? RunTimeout { get; set; }

    /// <summary>Null: the same.</summary>
    public TimeSpan? TaskTimeout { get; set; }

    /// <summary>Null: the same.</summary>
    public RetryPolicy? RetryPolicy { get; set; }

    /// <summary>Null: the same.</summary>
    public IReadOnlyDictionary<string, object>? Memo { get; set; }

    /// <summary>Null: the same.</summary>
    public SearchAttributeCollection? TypedSearchAttributes { get; set; }

    [Obsolete("Worker versioning by build id sets is gone; use worker deployments")]
    public VersioningIntent VersioningIntent { get; set; } = VersioningIntent.Unspecified;

    public InitialVersioningBehavior? InitialVersioningBehavior { get; set; }

    /// <summary>A shallow copy; collections are shared.</summary>
    public virtual object Clone() => MemberwiseClone();
}
