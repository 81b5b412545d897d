namespace Temporalio.Exceptions;

/// <summary>The workflow did not complete; the inner exception says how it ended.</summary>
public class WorkflowFailedException : TemporalException
{
    public WorkflowFailedException(Exception? inner)
        : base("Workflow failed", inner)
    {
    }
}
