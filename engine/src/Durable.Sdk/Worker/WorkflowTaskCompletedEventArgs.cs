using Temporalio.Workflows;

namespace Temporalio.Worker;

/// <summary>An activation has run.</summary>
public class WorkflowTaskCompletedEventArgs : WorkflowTaskEventArgs
{
    internal WorkflowTaskCompletedEventArgs(WorkflowInfo workflowInfo, WorkflowDefinition workflowDefinition, Exception? taskFailureException)
        : base(workflowInfo, workflowDefinition) => TaskFailureException = taskFailureException;

    /// <summary>Why the workflow task fails; null: it does not. The failure of a workflow is not one of its task.</summary>
    public Exception? TaskFailureException { get; }
}
