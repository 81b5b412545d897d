using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Matching;
using Durable.Server.Storage;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Query.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Engine;

/// <summary>Queries: asked, answered, or given up with their caller.</summary>
internal sealed partial class ServerEngine
{
    /// <param name="wait">How long the caller waits; null: it did not say.</param>
    public async Task<QueryWorkflowResponse> QueryAsync(
        RunKey key, WorkflowQuery query, QueryRejectCondition reject, TimeSpan? wait, CancellationToken cancellationToken)
    {
        var queryId = context.Ids.NewUuid();
        var slot = Rent(key);
        try
        {
            var answer = new TaskCompletionSource<QueryAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
            var rejected = await WithSlotAsync(key, (_, execution, now) =>
            {
                var status = execution.Status;
                if ((reject == QueryRejectCondition.NotOpen && status != WorkflowExecutionStatus.Running) ||
                    (reject == QueryRejectCondition.NotCompletedCleanly && status is not (WorkflowExecutionStatus.Running or WorkflowExecutionStatus.Completed)))
                {
                    return ValueTask.FromResult<WorkflowExecutionStatus?>(status);
                }
                execution.AdmitQuery(queryId, query, now + wait);
                slot.Queries.Add(queryId, answer);
                return ValueTask.FromResult<WorkflowExecutionStatus?>(null);
            }, cancellationToken).ConfigureAwait(false);
            if (rejected is { } closed)
            {
                return new QueryWorkflowResponse { QueryRejected = new() { Status = closed } };
            }
            var result = await AwaitAnswerAsync(slot, queryId, answer, cancellationToken).ConfigureAwait(false);
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

    private async Task<QueryAnswer> AwaitAnswerAsync(RunSlot slot, string queryId, TaskCompletionSource<QueryAnswer> answer, CancellationToken cancellationToken)
    {
        try
        {
            return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            answer.TrySetCanceled(cancellationToken);
            background.Run(() => WithSlotAsync(slot.Key, (_, execution, _) =>
            {
                execution.ForgetQuery(queryId);
                slot.Queries.Remove(queryId);
                return ValueTask.FromResult(true);
            }));
            throw;
        }
    }

    private void AddQuery(RunSlot slot, QueryReady ready)
    {
        var key = new TaskQueueKey(slot.Key.Namespace, ready.TaskQueue, TaskQueueType.Workflow);
        var execution = slot.Execution!;
        var entry = new QueryTaskEntry(slot.Key, ready.QueryId) { Priority = execution.Priority, PinnedTo = execution.PinnedTo };
        if (!ready.Sticky || !matcher.HasPoller(key, StickyDeath) || HasMoved(slot.Key, execution))
        {
            Enqueue(key with { Name = execution.TaskQueue }, entry);
            return;
        }
        if (slot.Queries.TryGetValue(ready.QueryId, out var answer))
        {
            var wait = execution.StickyScheduleToStartTimeout;
            background.Run(() => WatchStickyAsync(slot.Key, ready.QueryId, answer.Task, wait));
        }
        matcher.Add(key, entry);
    }

    /// <summary>A worker that has the run cached and answers nothing within its queue's limit is given up for this query and for the run.</summary>
    private async Task WatchStickyAsync(RunKey key, string queryId, Task<QueryAnswer> answer, TimeSpan wait)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        if (await Task.WhenAny(answer, Task.Delay(wait, TimeProvider.System, ended.Token)).ConfigureAwait(false) == answer)
        {
            await ended.CancelAsync().ConfigureAwait(false);
            return;
        }
        await WithRunAsync(key, (execution, now) =>
        {
            if (execution.IsRunning)
            {
                execution.ClearSticky(now);
            }
            execution.RedispatchQuery(queryId);
            return true;
        }).ConfigureAwait(false);
    }
}
