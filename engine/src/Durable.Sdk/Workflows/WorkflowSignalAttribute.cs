namespace Temporalio.Workflows;

/// <summary>Marks an asynchronous method that takes a signal.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class WorkflowSignalAttribute : Attribute
{
    public WorkflowSignalAttribute()
    {
    }

    public WorkflowSignalAttribute(string name) => Name = name;

    /// <summary>Null: the name of the method without a final "Async".</summary>
    public string? Name { get; }

    /// <summary>One line for people, shown in the workflow's metadata.</summary>
    public string? Description { get; set; }

    /// <summary>Takes every name that no other handler has; parameters are the name and <c>IRawValue[]</c>.</summary>
    public bool Dynamic { get; set; }

    /// <summary>What happens when the workflow ends while the handler runs. Default: a warning.</summary>
    public HandlerUnfinishedPolicy UnfinishedPolicy { get; set; } = HandlerUnfinishedPolicy.WarnAndAbandon;
}
