namespace Temporalio.Exceptions;

/// <summary>The workflow is in a state that the reject condition names.</summary>
public class WorkflowQueryRejectedException : TemporalException
{
    public WorkflowQueryRejectedException(Temporalio.Api.Enums.V1.WorkflowExecutionStatus workflowStatus)
        : base($"Query rejected, workflow status: {workflowStatus}") => WorkflowStatus = workflowStatus;

    public Temporalio.Api.Enums.V1.WorkflowExecutionStatus WorkflowStatus { get; }
}
