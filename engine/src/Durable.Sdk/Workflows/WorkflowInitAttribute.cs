namespace Temporalio.Workflows;

/// <summary>Marks the constructor that takes the arguments of the run method; it runs before any handler.</summary>
[AttributeUsage(AttributeTargets.Constructor, Inherited = false)]
public sealed class WorkflowInitAttribute : Attribute
{

}
