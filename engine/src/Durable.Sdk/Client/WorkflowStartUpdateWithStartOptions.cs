namespace Temporalio.Client;

public class WorkflowStartUpdateWithStartOptions : WorkflowUpdateWithStartOptions
{
    public WorkflowStartUpdateWithStartOptions()
    {
    }

    public WorkflowStartUpdateWithStartOptions(WithStartWorkflowOperation startWorkflowOperation, WorkflowUpdateStage waitForStage)
    {
        StartWorkflowOperation = startWorkflowOperation;
        WaitForStage = waitForStage;
    }

    public WorkflowStartUpdateWithStartOptions(string id, WithStartWorkflowOperation startWorkflowOperation, WorkflowUpdateStage waitForStage)
    {
        Id = id;
        StartWorkflowOperation = startWorkflowOperation;
        WaitForStage = waitForStage;
    }

    public WorkflowUpdateStage WaitForStage { get; set; }
}
