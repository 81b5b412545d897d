namespace Temporalio.Exceptions;

/// <summary>The update was rejected or its handler failed.</summary>
public class WorkflowUpdateFailedException : TemporalException
{
    public WorkflowUpdateFailedException(Exception? inner)
        : base("Workflow update failed", inner)
    {
    }
}
