using Durable.Server.Executions;
using Durable.Server.Matching;
using Durable.Server.Storage;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Engine;

/// <summary>Tasks on their way to workers.</summary>
internal sealed partial class ServerEngine
{
    /// <summary>A sticky queue that nobody polled for this long is dead: its runs go to their normal queue.</summary>
    private static readonly TimeSpan StickyDeath = TimeSpan.FromSeconds(10);

    /// <summary>Batches in one page of history, as the genuine server's.</summary>
    private const int PageBatches = 256;

    /// <summary>Starts what a queue gave out; null when the entry is stale and the poller should wait for another.</summary>
    public async Task<IMessage?> StartAsync(Handout handout, TaskQueueKey polled, string identity, bool sticky, CancellationToken cancellationToken)
    {
        if (handout.Started is { } started)
        {
            return started;
        }
        switch (handout.Entry)
        {
            case WorkflowTaskEntry entry:
                return await StartEntryAsync(entry.Run, async (slot, execution, now) =>
                    execution.StartWorkflowTask(entry.Stamp, identity, sticky, now) is { } start
                        ? await ToResponseAsync(execution, start).ConfigureAwait(false)
                        : null, cancellationToken).ConfigureAwait(false);
            case QueryTaskEntry entry:
                return await StartEntryAsync(
                    entry.Run, async (slot, execution, now) => await ToQueryTaskAsync(execution, entry.QueryId, sticky).ConfigureAwait(false), cancellationToken)
                    .ConfigureAwait(false);
            case ActivityTaskEntry entry:
                return await StartEntryAsync(entry.Run, async (slot, execution, now) =>
                    execution.StartActivity(entry.Activity, identity, now) is { } start
                        ? await ToResponseAsync(execution, start).ConfigureAwait(false)
                        : null, cancellationToken).ConfigureAwait(false);
            default:
                throw new InvalidOperationException($"Bug: queue {polled} gave {handout}");
        }
    }

    private async Task<IMessage?> StartEntryAsync(
        RunKey key, Func<RunSlot, Execution, DateTimeOffset, ValueTask<IMessage?>> start, CancellationToken cancellationToken)
    {
        try
        {
            return await WithSlotAsync(key, start, cancellationToken).ConfigureAwait(false);
        }
        catch (Durable.Protocol.RpcFaultException fault) when (fault.Code == Durable.Protocol.RpcStatusCode.NotFound)
        {
            // The run was deleted while its task waited.
            return null;
        }
    }

    /// <summary>Schedules and starts in one commit where a poller waits already.</summary>
    /// <param name="handouts">Gets what was started and for whom.</param>
    private async ValueTask<Decision> HandOutAsync(
        RunSlot slot, Execution execution, Decision decision, List<(ReservedPoller Poller, IMessage Task)> handouts, DateTimeOffset now)
    {
        List<Effect>? rest = null;
        for (var i = 0; i < decision.Effects.Count; i++)
        {
            var effect = decision.Effects[i];
            if (QueueOf(slot.Key, execution, effect) is { } queue && matcher.TryReserve(queue) is { } poller)
            {
                IMessage? task = null;
                try
                {
                    task = await StartForAsync(execution, effect, poller.Identity, now).ConfigureAwait(false);
                }
                finally
                {
                    if (task is null)
                    {
                        matcher.Return(poller);
                    }
                }
                if (task is not null)
                {
                    rest ??= [.. decision.Effects.Take(i)];
                    handouts.Add((poller, task));
                    continue;
                }
            }
            rest?.Add(effect);
        }
        if (rest is null)
        {
            return decision;
        }
        var more = execution.TakeDecision(now, sameTransition: true);
        rest.AddRange(more.Effects);
        return new Decision([.. decision.Events, .. more.Events], decision.Changed || more.Changed, rest);
    }

    private TaskQueueKey? QueueOf(RunKey run, Execution execution, Effect effect)
    {
        var routing = deployments.Routing;
        switch (effect)
        {
            case WorkflowTaskReady { Sticky: true } ready:
                return HasMoved(run, execution) ? null : new TaskQueueKey(run.Namespace, ready.TaskQueue, TaskQueueType.Workflow);
            case WorkflowTaskReady ready:
                var queue = new TaskQueueKey(run.Namespace, ready.TaskQueue, TaskQueueType.Workflow);
                return routing.IsEmpty ? queue : queue with { Version = routing.TargetOf(queue, run.WorkflowId, execution.PinnedTo) };
            case ActivityReady ready:
                queue = new TaskQueueKey(run.Namespace, ready.TaskQueue, TaskQueueType.Activity);
                return routing.IsEmpty ? queue : queue with { Version = routing.TargetOf(queue, run.WorkflowId, execution.PinnedTo) };
            default:
                return null;
        }
    }

    private async ValueTask<IMessage?> StartForAsync(Execution execution, Effect effect, string identity, DateTimeOffset now) => effect switch
    {
        WorkflowTaskReady ready when execution.StartWorkflowTask(ready.Stamp, identity, ready.Sticky, now) is { } start =>
            await ToResponseAsync(execution, start).ConfigureAwait(false),
        ActivityReady ready when execution.StartActivity(ready.Activity, identity, now) is { } start =>
            await ToResponseAsync(execution, start).ConfigureAwait(false),
        _ => null,
    };

    private void AddWorkflowTask(RunSlot slot, WorkflowTaskReady ready)
    {
        var run = slot.Key;
        var key = new TaskQueueKey(run.Namespace, ready.TaskQueue, TaskQueueType.Workflow);
        if (ready.Sticky && (!matcher.HasPoller(key, StickyDeath) || HasMoved(run, slot.Execution!)))
        {
            // Nobody is there, or nobody of the right version; without an event, the task goes to the normal queue.
            background.Run(() => WithRunAsync(run, static (execution, now) =>
            {
                execution.ClearSticky(now);
                return true;
            }));
            return;
        }
        var entry = new WorkflowTaskEntry(run, ready.Stamp) { Priority = slot.Execution!.Priority, PinnedTo = slot.Execution.PinnedTo };
        if (ready.Sticky)
        {
            matcher.Add(key, entry);
        }
        else
        {
            Enqueue(key, entry);
        }
    }

    public async ValueTask<PollWorkflowTaskQueueResponse> ToResponseAsync(Execution execution, WorkflowTaskStart start)
    {
        var response = new PollWorkflowTaskQueueResponse
        {
            TaskToken = start.Token.ToByteString(),
            WorkflowExecution = new() { WorkflowId = execution.WorkflowId, RunId = execution.RunId },
            WorkflowType = execution.Started.WorkflowType,
            PreviousStartedEventId = start.PreviousStartedEventId,
            StartedEventId = start.StartedEventId,
            Attempt = start.Attempt,
            History = new History(),
            WorkflowExecutionTaskQueue = new() { Name = execution.TaskQueue, Kind = TaskQueueKind.Normal },
            ScheduledTime = start.ScheduledTime,
            StartedTime = start.StartedTime,
        };
        var complete = await AddEventsAsync(execution, response.History, start.FromEventId, start.BeforeEventId, PageBatches).ConfigureAwait(false);
        if (complete)
        {
            response.History.Events.AddRange(start.VirtualEvents);
        }
        else
        {
            response.NextPageToken = new HistoryPageToken(execution.RunId, response.History.Events[^1].EventId + 1, start.BeforeEventId, Tail: true).Encode();
        }
        response.Messages.AddRange(start.Messages);
        foreach (var (id, query) in start.Queries)
        {
            response.Queries.Add(id, query);
        }
        return response;
    }

    private async ValueTask<IMessage?> ToQueryTaskAsync(Execution execution, string queryId, bool sticky)
    {
        if (execution.FindDirectQuery(queryId) is not { } query)
        {
            return null;
        }
        var response = new PollWorkflowTaskQueueResponse
        {
            TaskToken = new TaskToken { Namespace = execution.Namespace, WorkflowId = execution.WorkflowId, RunId = execution.RunId, QueryId = queryId }.ToByteString(),
            WorkflowExecution = new() { WorkflowId = execution.WorkflowId, RunId = execution.RunId },
            WorkflowType = execution.Started.WorkflowType,
            PreviousStartedEventId = execution.PreviousStartedEventId,
            Attempt = 1,
            History = new History(),
            WorkflowExecutionTaskQueue = new() { Name = execution.TaskQueue, Kind = TaskQueueKind.Normal },
            Query = query,
        };
        if (!sticky && !await AddEventsAsync(execution, response.History, 1, execution.NextEventId, PageBatches).ConfigureAwait(false))
        {
            response.NextPageToken = new HistoryPageToken(execution.RunId, response.History.Events[^1].EventId + 1, execution.NextEventId, Tail: false).Encode();
        }
        return response;
    }

    public async ValueTask<PollActivityTaskQueueResponse> ToResponseAsync(Execution execution, ActivityStart start)
    {
        var activity = start.Activity;
        var scheduled = await FindEventAsync(execution, activity.ScheduledEventId).ConfigureAwait(false);
        var attributes = scheduled.ActivityTaskScheduledEventAttributes;
        return new PollActivityTaskQueueResponse
        {
            TaskToken = start.Token.ToByteString(),
            WorkflowNamespace = execution.Namespace,
            WorkflowType = execution.Started.WorkflowType,
            WorkflowExecution = new() { WorkflowId = execution.WorkflowId, RunId = execution.RunId },
            ActivityType = attributes.ActivityType,
            ActivityId = activity.ActivityId,
            Header = attributes.Header,
            Input = attributes.Input,
            HeartbeatDetails = activity.HeartbeatDetails,
            ScheduledTime = activity.FirstScheduledTime,
            CurrentAttemptScheduledTime = activity.ScheduledTime,
            StartedTime = activity.StartedTime,
            Attempt = activity.Attempt,
            ScheduleToCloseTimeout = activity.ScheduleToCloseTimeout,
            StartToCloseTimeout = activity.StartToCloseTimeout,
            HeartbeatTimeout = activity.HeartbeatTimeout,
            RetryPolicy = activity.RetryPolicy,
            Priority = Priorities.Merge(execution.Started.Priority, activity.Priority),
        };
    }
}
