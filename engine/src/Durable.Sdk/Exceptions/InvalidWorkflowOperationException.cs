namespace Temporalio.Exceptions;

/// <summary>Workflow code did what it must not. Fails the workflow task.</summary>
public class InvalidWorkflowOperationException : TemporalException
{
    internal InvalidWorkflowOperationException(string message)
        : base(message)
    {
    }
}
