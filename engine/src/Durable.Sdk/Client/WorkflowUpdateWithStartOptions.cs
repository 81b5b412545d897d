namespace Temporalio.Client;

public class WorkflowUpdateWithStartOptions : WorkflowUpdateOptions
{
    public WorkflowUpdateWithStartOptions()
    {
    }

    public WorkflowUpdateWithStartOptions(WithStartWorkflowOperation startWorkflowOperation)
    {
        StartWorkflowOperation = startWorkflowOperation;
    }

    public WorkflowUpdateWithStartOptions(string id, WithStartWorkflowOperation startWorkflowOperation)
    {
        Id = id;
        StartWorkflowOperation = startWorkflowOperation;
    }

    public WithStartWorkflowOperation? StartWorkflowOperation { get; set; }

    /// <summary>A copy with an operation of its own, which can be used again.</summary>
    public override object Clone()
    {
        var copy = (WorkflowUpdateWithStartOptions)base.Clone();
        copy.StartWorkflowOperation = (WithStartWorkflowOperation?)StartWorkflowOperation?.Clone();
        return copy;
    }
}
