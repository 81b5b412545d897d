using Temporalio.Common;

namespace Temporalio.Workflows;

/// <summary>What a dynamic workflow can say about itself once it knows its type.</summary>
public class WorkflowDefinitionOptions : ICloneable
{
    /// <summary>See <see cref="WorkflowAttribute.FailureExceptionTypes"/>.</summary>
    public Type[]? FailureExceptionTypes { get; set; }

    /// <summary>See <see cref="WorkflowAttribute.VersioningBehavior"/>.</summary>
    public VersioningBehavior VersioningBehavior { get; set; } = VersioningBehavior.Unspecified;

    /// <summary>A shallow copy.</summary>
    public object Clone() => MemberwiseClone();
}
