using Durable.Server.Executions;
using Durable.Server.Storage;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Engine;

/// <summary>Reset: the current run ends and a run from an earlier point of a history takes its place, in one transaction.</summary>
internal sealed partial class ServerEngine
{
    private const int ResetReadBatches = 256;

    /// <returns>The new run's id; for a request id that made the current run, that run's.</returns>
    public async Task<string> ResetAsync(ResetWorkflowExecutionRequest request, RunKey baseKey, CancellationToken cancellationToken)
    {
        using var held = await LockWorkflowAsync(baseKey.Namespace, baseKey.WorkflowId, cancellationToken).ConfigureAwait(false);
        _ = await store.FindRunAsync(baseKey).ConfigureAwait(false) ?? throw Faults.WorkflowNotFound(baseKey.WorkflowId, baseKey.RunId);
        while (true)
        {
            // None: the latest run was deleted, and this is an older one.
            var current = await store.FindCurrentRunAsync(baseKey.Namespace, baseKey.WorkflowId).ConfigureAwait(false);
            if (current?.CreateRequestId == request.RequestId)
            {
                return current.RunId;
            }
            var newRunId = context.Ids.NewUuid();
            if (current is not { Status: WorkflowExecutionStatus.Running })
            {
                var events = await ReadAllAsync(baseKey).ConfigureAwait(false);
                var following = await ReadFollowingAsync(baseKey, events).ConfigureAwait(false);
                await AddRunAsync(baseKey with { RunId = newRunId }, now => ValueTask.FromResult(Execution.Reset(ToReset(request, baseKey, newRunId, events, [], following), context, now)))
                    .ConfigureAwait(false);
                await NoteResetAsync(baseKey, newRunId).ConfigureAwait(false);
                return newRunId;
            }
            var currentKey = baseKey with { RunId = current.RunId };
            var isReplaced = await WithSlotAsync(currentKey, async (_, execution, now) =>
            {
                if (!execution.IsRunning)
                {
                    return false;
                }
                var events = await ReadAllAsync(baseKey).ConfigureAwait(false);
                var following = await ReadFollowingAsync(baseKey, events).ConfigureAwait(false);
                var reset = currentKey == baseKey
                    ? ToReset(request, baseKey, newRunId, events, execution.BufferedEvents, following)
                    : ToReset(request, baseKey, newRunId, events, [], [.. following, .. execution.BufferedEvents]);
                execution.ReplaceWith(Execution.Reset(reset, context, now), isBase: currentKey == baseKey, request.Reason, now);
                return true;
            }, cancellationToken).ConfigureAwait(false);
            if (isReplaced)
            {
                if (currentKey != baseKey)
                {
                    await NoteResetAsync(baseKey, newRunId).ConfigureAwait(false);
                }
                return newRunId;
            }
        }
    }

    private Task NoteResetAsync(RunKey baseKey, string newRunId) => WithRunAsync(baseKey, (execution, _) =>
    {
        execution.NoteReset(newRunId);
        return true;
    });

    private static ResetRun ToReset(
        ResetWorkflowExecutionRequest request,
        RunKey key,
        string newRunId,
        IReadOnlyList<HistoryEvent> events,
        IReadOnlyList<HistoryEvent> buffered,
        IReadOnlyList<HistoryEvent> following) => new()
    {
        Namespace = key.Namespace,
        WorkflowId = key.WorkflowId,
        BaseRunId = key.RunId,
        NewRunId = newRunId,
        RequestId = request.RequestId,
        Reason = request.Reason,
        WorkflowTaskFinishEventId = request.WorkflowTaskFinishEventId,
        History = events,
        Buffered = buffered,
        Following = following,
        ReapplyType = request.ResetReapplyType,
        ReapplyExclude = request.ResetReapplyExcludeTypes,
    };

    /// <summary>The events of the runs that continued a run as new, as far as they are still there.</summary>
    private async ValueTask<IReadOnlyList<HistoryEvent>> ReadFollowingAsync(RunKey key, IReadOnlyList<HistoryEvent> events)
    {
        var following = new List<HistoryEvent>();
        while (events.Count > 0 && events[^1].WorkflowExecutionContinuedAsNewEventAttributes is { } continued)
        {
            events = await ReadAllAsync(key with { RunId = continued.NewExecutionRunId }).ConfigureAwait(false);
            following.AddRange(events);
        }
        return following;
    }

    private async ValueTask<IReadOnlyList<HistoryEvent>> ReadAllAsync(RunKey key)
    {
        var events = new List<HistoryEvent>();
        while (true)
        {
            var batches = await store.ReadHistoryAsync(key, events.Count + 1, ResetReadBatches).ConfigureAwait(false);
            foreach (var batch in batches)
            {
                events.AddRange(History.Parser.ParseFrom(batch.Events).Events);
            }
            if (batches.Count < ResetReadBatches)
            {
                return events;
            }
        }
    }
}
