namespace Temporalio.Client;

public class WorkflowUpdateStartOptions : WorkflowUpdateOptions
{
    public WorkflowUpdateStartOptions()
    {
    }

    public WorkflowUpdateStartOptions(WorkflowUpdateStage waitForStage)
    {
        WaitForStage = waitForStage;
    }

    public WorkflowUpdateStartOptions(string id, WorkflowUpdateStage waitForStage)
    {
        Id = id;
        WaitForStage = waitForStage;
    }

    public WorkflowUpdateStage WaitForStage { get; set; }
}
