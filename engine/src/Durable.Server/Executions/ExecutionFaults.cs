using Durable.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;

namespace Durable.Server.Executions;

/// <summary>The errors a run answers, in the genuine server's words.</summary>
public static class ExecutionFaults
{
    public static RpcFaultException AlreadyCompleted() => NotFound("workflow execution already completed");

    public static RpcFaultException WorkflowTaskNotFound() => NotFound("Workflow task not found.");

    public static RpcFaultException ActivityNotFound() =>
        NotFound("invalid activityID or activity already timed out or invoking workflow is completed");

    public static RpcFaultException PendingActivityNotFound(string activityId) =>
        NotFound($"cannot find pending activity with ActivityID {activityId}, check workflow execution history for more details");

    public static RpcFaultException UpdateNotFound(string updateId) => NotFound($"update \"{updateId}\" not found");

    public static RpcFaultException NotFound(string message) => new(RpcStatusCode.NotFound, message, new NotFoundFailure());

    public static RpcFaultException InvalidArgument(string message) => new(RpcStatusCode.InvalidArgument, message);

    public static RpcFaultException WorkflowNotReady(string message) =>
        new(RpcStatusCode.FailedPrecondition, message, new WorkflowNotReadyFailure());

    public static RpcFaultException ResourceExhausted(ResourceExhaustedCause cause, string message) =>
        new(RpcStatusCode.ResourceExhausted, message, new ResourceExhaustedFailure { Cause = cause, Scope = ResourceExhaustedScope.Namespace });
}
