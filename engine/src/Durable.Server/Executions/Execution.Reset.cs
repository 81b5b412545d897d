using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Workflow.V1;

namespace Durable.Server.Executions;

/// <summary>Reset: a new run with the beginning of an old history, what came in from outside later, and a new workflow task.</summary>
public sealed partial class Execution
{
    /// <summary>
    /// Makes the new run; its decision has the copied events too. The shell terminates the current run, if it runs, in the same
    /// transaction (identity <c>history-resetter</c>, the same reason).
    /// </summary>
    /// <exception cref="Durable.Protocol.RpcFaultException">INVALID_ARGUMENT: the event does not end a workflow task.</exception>
    public static Execution Reset(ResetRun reset, RunContext context, DateTimeOffset now)
    {
        var finish = reset.WorkflowTaskFinishEventId;
        if (finish <= 1 || finish > reset.History.Count)
        {
            throw Faults.InvalidArgument("Workflow task finish ID must be > 1 && <= workflow last event ID.");
        }
        if (!TouchesWorkflowTask(reset.History[(int)finish - 1].EventType))
        {
            throw Faults.InvalidArgument($"StateRebuilder unable to Rebuild mutable state to event ID: {finish - 1}");
        }
        var run = new Execution(FirstState(reset, now), context);
        for (var index = 0; index < finish - 1; index++)
        {
            run.Replay(reset.History[index].Clone(), now);
        }
        if (run.state.WorkflowTask is not { } task)
        {
            throw Faults.InvalidArgument(
                $"Can only reset workflow to event ID in range [WorkflowTaskScheduled +1, WorkflowTaskStarted + 1]: {finish}");
        }
        run.FailForReset(reset, task, now);
        run.Reapply(reset, now);
        run.RegisterAdmittedByEvent();
        run.ScheduleWorkflowTask(now);
        run.RequeueActivities(now);
        return run;
    }

    private static bool TouchesWorkflowTask(EventType type) => type
        is EventType.WorkflowTaskStarted or EventType.WorkflowTaskCompleted or EventType.WorkflowTaskFailed or EventType.WorkflowTaskTimedOut;

    private static RunState FirstState(ResetRun reset, DateTimeOffset now)
    {
        var first = reset.History[0];
        var started = first.WorkflowExecutionStartedEventAttributes
            ?? throw new InvalidOperationException($"Bug: the history of {reset.BaseRunId} begins with {first.EventType}");
        var state = new RunState
        {
            Namespace = reset.Namespace,
            WorkflowId = reset.WorkflowId,
            RunId = reset.NewRunId,
            CreateRequestId = reset.RequestId,
            Started = started,
            StartTime = now.ToTimestamp(),
            ExecutionTime = now.ToTimestamp(),
            Status = WorkflowExecutionStatus.Running,
            NextEventId = 1,
            WorkflowTaskAttempt = 1,
            UserMetadata = first.UserMetadata,
            Memo = started.Memo?.Clone(),
            SearchAttributes = started.SearchAttributes,
            LastCompletionResult = started.LastCompletionResult,
            LastFailure = started.ContinuedFailure,
            Versioning = Versioning.AtStart(started),
        };
        state.RequestIds[reset.RequestId] = new() { EventType = EventType.WorkflowExecutionStarted, EventId = 1 };
        return state;
    }

    /// <summary>Copies one event and does to the state what it did the first time.</summary>
    private void Replay(HistoryEvent e, DateTimeOffset now)
    {
        if (e.EventId != state.NextEventId)
        {
            throw new InvalidOperationException($"Bug: event {e.EventId} follows {state.NextEventId - 1}");
        }
        Append(e);
        switch (e.EventType)
        {
            case EventType.WorkflowTaskScheduled:
                var scheduled = e.WorkflowTaskScheduledEventAttributes;
                state.WorkflowTask = new WorkflowTaskState
                {
                    ScheduledEventId = e.EventId,
                    Attempt = 1,
                    ScheduledTime = e.EventTime,
                    OriginalScheduledTime = e.EventTime,
                    StartToCloseTimeout = scheduled.StartToCloseTimeout,
                };
                break;
            case EventType.WorkflowTaskStarted:
                state.WorkflowTask.StartedEventId = e.EventId;
                state.WorkflowTask.StartedTime = e.EventTime;
                break;
            case EventType.WorkflowTaskCompleted:
                state.PreviousStartedEventId = e.WorkflowTaskCompletedEventAttributes.StartedEventId;
                state.LastCompletedEventId = e.EventId;
                state.WorkflowTask = null;
                RecordVersion(e.WorkflowTaskCompletedEventAttributes, now);
                break;
            case EventType.WorkflowTaskFailed:
            case EventType.WorkflowTaskTimedOut:
                state.WorkflowTask = null;
                break;
            case EventType.WorkflowExecutionSignaled:
                state.SignalCount++;
                if (e.WorkflowExecutionSignaledEventAttributes.RequestId is { Length: > 0 } requestId && requestId != state.CreateRequestId)
                {
                    state.RequestIds[requestId] = new() { EventType = e.EventType, EventId = e.EventId };
                }
                break;
            case EventType.WorkflowExecutionCancelRequested:
                state.CancelRequested = true;
                break;
            case EventType.WorkflowExecutionOptionsUpdated:
                var options = e.WorkflowExecutionOptionsUpdatedEventAttributes;
                if (options.AttachedRequestId.Length > 0)
                {
                    state.RequestIds[options.AttachedRequestId] = new() { EventType = e.EventType, EventId = e.EventId };
                }
                else if (options.VersioningOverride is not null || options.UnsetVersioningOverride)
                {
                    ApplyOverride(options.VersioningOverride);
                }
                else
                {
                    SetPriority(options.Priority);
                }
                break;
            case EventType.UpsertWorkflowSearchAttributes:
                MergeSearchAttributes(e.UpsertWorkflowSearchAttributesEventAttributes.SearchAttributes);
                break;
            case EventType.WorkflowPropertiesModified:
                MergeMemo(e.WorkflowPropertiesModifiedEventAttributes.UpsertedMemo);
                break;
            case EventType.WorkflowExecutionUpdateAdmitted:
                var admittedId = e.WorkflowExecutionUpdateAdmittedEventAttributes.Request.Meta.UpdateId;
                state.Updates[admittedId] = new UpdateState { UpdateId = admittedId };
                break;
            case EventType.WorkflowExecutionUpdateAccepted:
                var acceptedId = e.WorkflowExecutionUpdateAcceptedEventAttributes.ProtocolInstanceId;
                state.Updates[acceptedId] = new UpdateState { UpdateId = acceptedId, AcceptedEventId = e.EventId };
                state.UpdateCount++;
                break;
            case EventType.WorkflowExecutionUpdateCompleted:
                var completed = e.WorkflowExecutionUpdateCompletedEventAttributes;
                state.Updates[completed.Meta.UpdateId].CompletedEventId = e.EventId;
                state.Updates[completed.Meta.UpdateId].Outcome = completed.Outcome;
                break;
            default:
                ReplayPending(e, now);
                break;
        }
    }

    /// <summary>The tables of what is under way: activities, timers, children, requests to others.</summary>
    private void ReplayPending(HistoryEvent e, DateTimeOffset now)
    {
        switch (e.EventType)
        {
            case EventType.ActivityTaskScheduled:
                var activity = e.ActivityTaskScheduledEventAttributes;
                Machines.Activity.Next(ActivityPhase.None, ActivityEvent.Schedule);
                state.Activities[e.EventId] = new ActivityState
                {
                    ScheduledEventId = e.EventId,
                    ActivityId = activity.ActivityId,
                    ActivityType = activity.ActivityType.Name,
                    TaskQueue = activity.TaskQueue.Name,
                    Attempt = 1,
                    // Its time begins anew: the first attempts belong to the other run.
                    FirstScheduledTime = now.ToTimestamp(),
                    ScheduledTime = now.ToTimestamp(),
                    ScheduleToCloseTimeout = activity.ScheduleToCloseTimeout,
                    ScheduleToStartTimeout = activity.ScheduleToStartTimeout,
                    StartToCloseTimeout = activity.StartToCloseTimeout,
                    HeartbeatTimeout = activity.HeartbeatTimeout,
                    RetryPolicy = activity.RetryPolicy,
                    Priority = activity.Priority,
                };
                break;
            case EventType.ActivityTaskCancelRequested:
                if (state.Activities.TryGetValue(e.ActivityTaskCancelRequestedEventAttributes.ScheduledEventId, out var canceled))
                {
                    canceled.CancelRequested = true;
                    canceled.CancelRequestedEventId = e.EventId;
                }
                break;
            case EventType.TimerStarted:
                var timer = e.TimerStartedEventAttributes;
                state.Timers[timer.TimerId] = new TimerState
                {
                    TimerId = timer.TimerId,
                    StartedEventId = e.EventId,
                    FireTime = (e.EventTime.ToDateTimeOffset() + timer.StartToFireTimeout.ToTimeSpan()).ToTimestamp(),
                };
                break;
            case EventType.TimerFired:
                state.Timers.Remove(e.TimerFiredEventAttributes.TimerId);
                break;
            case EventType.TimerCanceled:
                state.Timers.Remove(e.TimerCanceledEventAttributes.TimerId);
                break;
            case EventType.StartChildWorkflowExecutionInitiated:
                var child = e.StartChildWorkflowExecutionInitiatedEventAttributes;
                state.Children[e.EventId] = new ChildState
                {
                    InitiatedEventId = e.EventId,
                    Namespace = child.Namespace,
                    WorkflowId = child.WorkflowId,
                    WorkflowType = child.WorkflowType.Name,
                    ParentClosePolicy = child.ParentClosePolicy,
                };
                break;
            case EventType.ChildWorkflowExecutionStarted:
                var childStarted = e.ChildWorkflowExecutionStartedEventAttributes;
                state.Children[childStarted.InitiatedEventId].RunId = childStarted.WorkflowExecution.RunId;
                state.Children[childStarted.InitiatedEventId].StartedEventId = e.EventId;
                break;
            case EventType.StartChildWorkflowExecutionFailed:
                state.Children.Remove(e.StartChildWorkflowExecutionFailedEventAttributes.InitiatedEventId);
                break;
            case EventType.SignalExternalWorkflowExecutionInitiated:
                var signal = e.SignalExternalWorkflowExecutionInitiatedEventAttributes;
                AddExternal(e.EventId, cancel: false, signal.Namespace, signal.WorkflowExecution);
                break;
            case EventType.RequestCancelExternalWorkflowExecutionInitiated:
                var cancel = e.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes;
                AddExternal(e.EventId, cancel: true, cancel.Namespace, cancel.WorkflowExecution);
                break;
            case EventType.ExternalWorkflowExecutionSignaled:
                state.Externals.Remove(e.ExternalWorkflowExecutionSignaledEventAttributes.InitiatedEventId);
                break;
            case EventType.SignalExternalWorkflowExecutionFailed:
                state.Externals.Remove(e.SignalExternalWorkflowExecutionFailedEventAttributes.InitiatedEventId);
                break;
            case EventType.ExternalWorkflowExecutionCancelRequested:
                state.Externals.Remove(e.ExternalWorkflowExecutionCancelRequestedEventAttributes.InitiatedEventId);
                break;
            case EventType.RequestCancelExternalWorkflowExecutionFailed:
                state.Externals.Remove(e.RequestCancelExternalWorkflowExecutionFailedEventAttributes.InitiatedEventId);
                break;
            default:
                var closed = ClosedScheduledId(e);
                state.Activities.Remove(closed);
                state.Children.Remove(closed);
                break;
        }
    }

    private void FailForReset(ResetRun reset, WorkflowTaskState task, DateTimeOffset now)
    {
        if (task.StartedEventId == 0)
        {
            // The history must show a task that ran before it can show one that failed.
            task.StartedTime = now.ToTimestamp();
            task.RequestId = context.Ids.NewUuid();
            task.Identity = "history-service";
            task.HistorySizeBytes = state.HistorySizeBytes;
            var started = StartedEvent(task);
            Append(started);
            task.StartedEventId = started.EventId;
        }
        Append(EventType.WorkflowTaskFailed, now, e => e.WorkflowTaskFailedEventAttributes = new()
        {
            ScheduledEventId = task.ScheduledEventId,
            StartedEventId = task.StartedEventId,
            Cause = WorkflowTaskFailedCause.ResetWorkflow,
            Failure = new Failure { Message = reset.Reason, ResetWorkflowFailureInfo = new() },
            Identity = "history-service",
            BaseRunId = reset.BaseRunId,
            NewRunId = reset.NewRunId,
        });
        state.WorkflowTask = null;
    }

    /// <summary>What others sent after the point of the reset is not lost with the events that it came with.</summary>
    private void Reapply(ResetRun reset, DateTimeOffset now)
    {
        foreach (var e in reset.History.Skip((int)reset.WorkflowTaskFinishEventId - 1).Concat(reset.Buffered))
        {
            ReapplyMessage(reset, e, now);
            ReapplyChildEvent(e, now);
        }
        foreach (var e in reset.Following)
        {
            ReapplyMessage(reset, e, now);
        }
    }

    /// <summary>A signal or an update; a cancel request is not sent again, as on the genuine server.</summary>
    private void ReapplyMessage(ResetRun reset, HistoryEvent e, DateTimeOffset now)
    {
        var signals = reset.ReapplyType != ResetReapplyType.None && !reset.ReapplyExclude.Contains(ResetReapplyExcludeType.Signal);
        var updates = reset.ReapplyType is not (ResetReapplyType.None or ResetReapplyType.Signal) && !reset.ReapplyExclude.Contains(ResetReapplyExcludeType.Update);
        if (signals && e.WorkflowExecutionSignaledEventAttributes is not null)
        {
            ReapplyEvent(e, now);
            state.SignalCount++;
        }
        else if (updates && e.WorkflowExecutionUpdateAdmittedEventAttributes is { } admitted)
        {
            AdmitByEvent(admitted.Request, admitted.Origin, now);
        }
        else if (updates && e.WorkflowExecutionUpdateAcceptedEventAttributes?.AcceptedRequest is { } request)
        {
            // An acceptance without its request follows an UPDATE_ADMITTED, which has it.
            AdmitByEvent(request, UpdateAdmittedEventOrigin.Reapply, now);
        }
    }

    private HistoryEvent ReapplyEvent(HistoryEvent e, DateTimeOffset now)
    {
        var copy = e.Clone();
        copy.EventTime = now.ToTimestamp();
        Append(copy);
        if (copy.WorkflowExecutionSignaledEventAttributes?.RequestId is { Length: > 0 } requestId)
        {
            state.RequestIds.TryAdd(requestId, new RequestIdInfo { EventType = copy.EventType, EventId = copy.EventId });
        }
        return copy;
    }

    /// <summary>What became of a child that was asked for before the point of the reset: it is this run's child now.</summary>
    private void ReapplyChildEvent(HistoryEvent e, DateTimeOffset now)
    {
        if (e.ChildWorkflowExecutionStartedEventAttributes is { } started)
        {
            if (state.Children.TryGetValue(started.InitiatedEventId, out var unstarted) && unstarted.RunId.Length == 0)
            {
                unstarted.RunId = started.WorkflowExecution.RunId;
                unstarted.StartedEventId = ReapplyEvent(e, now).EventId;
            }
            return;
        }
        var initiatedId = e.StartChildWorkflowExecutionFailedEventAttributes?.InitiatedEventId ?? ClosedScheduledId(e);
        if (state.Children.Remove(initiatedId, out var child))
        {
            var closed = e.Clone();
            SetStartedId(closed, child.StartedEventId);
            ReapplyEvent(closed, now);
        }
    }

    private void RequeueActivities(DateTimeOffset now)
    {
        DispatchDueActivities(now);
        foreach (var child in state.Children.Values)
        {
            if (child.RunId.Length == 0)
            {
                state.Outbox.Add(new OutboxEntry { Id = child.InitiatedEventId, StartChild = child.InitiatedEventId });
            }
        }
        foreach (var external in state.Externals.Values)
        {
            state.Outbox.Add(external.Cancel
                ? new OutboxEntry { Id = external.InitiatedEventId, CancelExternal = external.InitiatedEventId }
                : new OutboxEntry { Id = external.InitiatedEventId, SignalExternal = external.InitiatedEventId });
        }
    }
}
