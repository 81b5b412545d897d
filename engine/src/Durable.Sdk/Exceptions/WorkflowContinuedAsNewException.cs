namespace Temporalio.Exceptions;

/// <summary>The run that was waited for has a successor, and runs are not followed.</summary>
public class WorkflowContinuedAsNewException : TemporalException
{
    public WorkflowContinuedAsNewException(string newRunId)
        : base("Workflow continued as new") => NewRunId = newRunId;

    public string NewRunId { get; }
}
