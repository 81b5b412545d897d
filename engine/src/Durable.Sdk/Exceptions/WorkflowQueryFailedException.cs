namespace Temporalio.Exceptions;

/// <summary>The query handler failed, or there is none.</summary>
public class WorkflowQueryFailedException : TemporalException
{
    public WorkflowQueryFailedException(string message)
        : base(message)
    {
    }
}
