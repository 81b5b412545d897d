using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Storage;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Query.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Engine;

/// <summary>Queries: asked, answered, or given up with their caller.</summary>
internal sealed partial class ServerEngine
{
    public async Task<QueryWorkflowResponse> QueryAsync(RunKey key, WorkflowQuery query, QueryRejectCondition reject, CancellationToken cancellationToken)
    {
        var queryId = context.Ids.NewUuid();
        var slot = Rent(key);
        try
        {
            var answer = new TaskCompletionSource<QueryAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
            var (rejected, sticky) = await WithSlotAsync(key, (_, execution, _) =>
            {
                var status = execution.Status;
                if ((reject == QueryRejectCondition.NotOpen && status != WorkflowExecutionStatus.Running) ||
                    (reject == QueryRejectCondition.NotCompletedCleanly && status is not (WorkflowExecutionStatus.Running or WorkflowExecutionStatus.Completed)))
                {
                    return ValueTask.FromResult(((WorkflowExecutionStatus?)status, TimeSpan.Zero));
                }
                execution.AdmitQuery(queryId, query);
                slot.Queries.Add(queryId, answer);
                return ValueTask.FromResult(((WorkflowExecutionStatus?)null, execution.StickyTaskQueue.Length > 0 ? execution.StickyScheduleToStartTimeout : TimeSpan.Zero));
            }, cancellationToken).ConfigureAwait(false);
            if (rejected is { } closed)
            {
                return new QueryWorkflowResponse { QueryRejected = new() { Status = closed } };
            }
            var result = await AwaitAnswerAsync(slot, queryId, answer.Task, sticky, cancellationToken).ConfigureAwait(false);
            return result.Fault is { } fault
                ? throw new RpcFaultException(fault.Code, fault.Message, fault.Details)
                : new QueryWorkflowResponse { QueryResult = result.Result ?? new Temporalio.Api.Common.V1.Payloads() };
        }
        finally
        {
            GiveBack(slot);
        }
    }

    /// <exception cref="RpcFaultException">NOT_FOUND: nobody waits for it any more.</exception>
    public Task AnswerQueryAsync(TaskToken token, RespondQueryTaskCompletedRequest request) => WithSlotAsync(
        new RunKey(token.Namespace, token.WorkflowId, token.RunId),
        (slot, execution, _) =>
        {
            execution.ForgetQuery(token.QueryId);
            if (!slot.Queries.Remove(token.QueryId, out var waiter))
            {
                throw Faults.NotFound("query task not found, or already expired");
            }
            waiter.TrySetResult(request.CompletedType == QueryResultType.Answered
                ? new QueryAnswer(request.QueryResult, null)
                : new QueryAnswer(null, Faults.QueryFailed(request.ErrorMessage, request.Failure)));
            return ValueTask.FromResult(true);
        });

    private async Task<QueryAnswer> AwaitAnswerAsync(RunSlot slot, string queryId, Task<QueryAnswer> answer, TimeSpan sticky, CancellationToken cancellationToken)
    {
        try
        {
            if (sticky > TimeSpan.Zero)
            {
                try
                {
                    return await answer.WaitAsync(sticky, TimeProvider.System, cancellationToken).ConfigureAwait(false);
                }
                catch (TimeoutException)
                {
                    await WithRunAsync(slot.Key, (execution, now) =>
                    {
                        execution.ClearSticky(now);
                        execution.RedispatchQuery(queryId);
                        return true;
                    }, cancellationToken).ConfigureAwait(false);
                }
            }
            return await answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            background.Run(() => WithSlotAsync(slot.Key, (_, execution, _) =>
            {
                execution.ForgetQuery(queryId);
                slot.Queries.Remove(queryId);
                return ValueTask.FromResult(true);
            }));
            throw;
        }
    }
}
