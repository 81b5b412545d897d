namespace Temporalio.Exceptions;

/// <summary>Workflow code did not ask for what its history holds.</summary>
public class WorkflowNondeterminismException : InvalidWorkflowOperationException
{
    internal WorkflowNondeterminismException(string message)
        : base(message)
    {
    }
}
