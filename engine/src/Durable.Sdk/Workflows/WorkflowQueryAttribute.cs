namespace Temporalio.Workflows;

/// <summary>Marks a method or property that answers a query: without waiting, without changing anything.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property, Inherited = false)]
public sealed class WorkflowQueryAttribute : Attribute
{
    public WorkflowQueryAttribute()
    {
    }

    public WorkflowQueryAttribute(string name) => Name = name;

    /// <summary>Null: the name of the method without a final "Async".</summary>
    public string? Name { get; }

    /// <summary>One line for people, shown in the workflow's metadata.</summary>
    public string? Description { get; set; }

    /// <summary>Takes every name that no other handler has; parameters are the name and <c>IRawValue[]</c>.</summary>
    public bool Dynamic { get; set; }
}
