namespace Temporalio.Workflows;

/// <summary>Marks the method of a dynamic workflow that returns its <see cref="WorkflowDefinitionOptions"/>.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class WorkflowDynamicOptionsAttribute : Attribute
{

}
