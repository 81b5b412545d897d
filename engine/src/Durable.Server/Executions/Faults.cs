using Durable.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Failure.V1;

namespace Durable.Server.Executions;

/// <summary>The answers that are not OK, with the genuine server's codes, words and details.</summary>
public static class Faults
{
    public static RpcFaultException InvalidArgument(string message) => new(RpcStatusCode.InvalidArgument, message);

    public static RpcFaultException NotFound(string message) => new(RpcStatusCode.NotFound, message, new NotFoundFailure());

    public static RpcFaultException WorkflowNotFound(string workflowId, string? runId = null) => NotFound(
        string.IsNullOrEmpty(runId)
            ? $"workflow not found for ID: {workflowId}"
            : $"workflow execution not found for workflow ID \"{workflowId}\" and run ID \"{runId}\"");

    public static RpcFaultException FirstRunDiffers() => NotFound("workflow execution not found");

    private const string AlreadyCompleted = "workflow execution already completed";

    public static RpcFaultException WorkflowClosed() => NotFound(AlreadyCompleted);

    public static bool IsWorkflowClosed(RpcFaultException fault) => fault.Code == RpcStatusCode.NotFound && fault.Message == AlreadyCompleted;

    public static RpcFaultException WorkflowTaskNotFound() => NotFound("Workflow task not found.");

    public static RpcFaultException ActivityNotFound() =>
        NotFound("invalid activityID or activity already timed out or invoking workflow is completed");

    public static RpcFaultException ActivityIdNotFound(string activityId) => NotFound(
        $"cannot find pending activity with ActivityID {activityId}, check workflow execution history for more details");

    public static RpcFaultException UpdateNotFound(string updateId) => NotFound($"update \"{updateId}\" not found");

    public static RpcFaultException UpdateAbortedByClose() => NotFound("workflow update was aborted by closing workflow");

    public static RpcFaultException RunIsClosing() => new(
        RpcStatusCode.ResourceExhausted,
        "workflow operation can not be applied because workflow is closing",
        new ResourceExhaustedFailure { Cause = ResourceExhaustedCause.BusyWorkflow, Scope = ResourceExhaustedScope.Namespace });

    public static RpcFaultException FailedPrecondition(string message) => new(RpcStatusCode.FailedPrecondition, message);

    public static RpcFaultException NotReady(string message) => new(RpcStatusCode.FailedPrecondition, message, new WorkflowNotReadyFailure());

    public static RpcFaultException Exhausted(string message, ResourceExhaustedCause cause) => new(
        RpcStatusCode.ResourceExhausted, message, new ResourceExhaustedFailure { Cause = cause, Scope = ResourceExhaustedScope.Namespace });

    public static RpcFaultException QueryFailed(string message, Failure? failure) => new(
        RpcStatusCode.InvalidArgument, message, new QueryFailedFailure { Failure = failure });

    public static RpcFaultException Unavailable(string message) => new(RpcStatusCode.Unavailable, message);
}
