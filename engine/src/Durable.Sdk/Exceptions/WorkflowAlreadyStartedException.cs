namespace Temporalio.Exceptions;

/// <summary>The workflow id is taken.</summary>
public class WorkflowAlreadyStartedException : FailureException
{
    [Obsolete("Use the constructor with the workflow type")]
    public WorkflowAlreadyStartedException(string message, string workflowId, string runId)
        : this(message, workflowId, "<unknown>", runId)
    {
    }

    public WorkflowAlreadyStartedException(string message, string workflowId, string workflowType, string runId)
        : base(message)
    {
        WorkflowId = workflowId;
        WorkflowType = workflowType;
        RunId = runId;
    }

    public string WorkflowId { get; }

    public string WorkflowType { get; }

    /// <summary>Of the run that has the id; "&lt;unknown&gt;" from a child's start.</summary>
    public string RunId { get; }
}
