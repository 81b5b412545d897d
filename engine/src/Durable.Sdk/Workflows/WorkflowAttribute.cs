using Temporalio.Common;

namespace Temporalio.Workflows;

/// <summary>Marks a class, or an interface that callers use, as a workflow.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class WorkflowAttribute : Attribute
{
    public WorkflowAttribute()
    {
    }

    public WorkflowAttribute(string name) => Name = name;

    /// <summary>Null: the name of the type, without the leading I of an interface.</summary>
    public string? Name { get; }

    /// <summary>Takes every workflow type that no other class has; the run method takes <c>IRawValue[]</c>.</summary>
    public bool Dynamic { get; set; }

    /// <summary>Exceptions that fail the workflow. All others, except failures and cancellation, fail the workflow task, which is retried.</summary>
    public Type[]? FailureExceptionTypes { get; set; }

    /// <summary>How the workflow moves between worker versions. Default: the worker decides.</summary>
    public VersioningBehavior VersioningBehavior { get; set; } = VersioningBehavior.Unspecified;
}
