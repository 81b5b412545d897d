namespace Temporalio.Workflows;

/// <summary>Marks a method that may refuse an update by throwing, before anything is recorded. Not called on replay.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class WorkflowUpdateValidatorAttribute : Attribute
{
    /// <param name="updateMethod">Name of the method with <see cref="WorkflowUpdateAttribute"/>, by <c>nameof</c>.</param>
    public WorkflowUpdateValidatorAttribute(string updateMethod) => UpdateMethod = updateMethod;

    public string UpdateMethod { get; }
}
