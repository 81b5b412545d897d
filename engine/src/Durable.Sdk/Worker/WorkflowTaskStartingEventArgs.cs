using Temporalio.Workflows;

namespace Temporalio.Worker;

/// <summary>An activation is about to run.</summary>
public class WorkflowTaskStartingEventArgs : WorkflowTaskEventArgs
{
    internal WorkflowTaskStartingEventArgs(WorkflowInfo workflowInfo, WorkflowDefinition workflowDefinition)
        : base(workflowInfo, workflowDefinition)
    {
    }
}
