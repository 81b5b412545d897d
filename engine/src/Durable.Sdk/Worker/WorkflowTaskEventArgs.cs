using Temporalio.Workflows;

namespace Temporalio.Worker;

/// <summary>One activation of a workflow, for the events of the worker's options.</summary>
public abstract class WorkflowTaskEventArgs : EventArgs
{
    private protected WorkflowTaskEventArgs(WorkflowInfo workflowInfo, WorkflowDefinition workflowDefinition)
    {
        WorkflowInfo = workflowInfo;
        WorkflowDefinition = workflowDefinition;
    }

    public WorkflowInfo WorkflowInfo { get; }

    public WorkflowDefinition WorkflowDefinition { get; }
}
