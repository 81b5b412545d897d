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

    public override object Clone() => base.Clone();
}
