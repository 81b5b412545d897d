using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Executions;

/// <summary>The workflow task: scheduled, started, completed, failed, timed out; stored, transient or speculative.</summary>
public sealed partial class Execution
{
    private static readonly TimeSpan SpeculativeScheduleToStart = TimeSpan.FromSeconds(5);

    // Volatile: a task that exists only for updates and leaves no trace when they are all rejected.
    private bool speculative;
    private int stamp;

    public WorkflowTaskPhase WorkflowTaskPhase => state.WorkflowTask switch
    {
        null => WorkflowTaskPhase.None,
        { StartedEventId: 0 } => WorkflowTaskPhase.Scheduled,
        _ => WorkflowTaskPhase.Started,
    };

    public long PreviousStartedEventId => state.PreviousStartedEventId;

    /// <summary>The sticky queue of the worker that has this run cached; empty without.</summary>
    public string StickyTaskQueue => state.StickyTaskQueue;

    public TimeSpan StickyScheduleToStartTimeout => state.StickyScheduleToStartTimeout?.ToTimeSpan() ?? TimeSpan.Zero;

    /// <summary>What a poller gets when a queue entry with this stamp reaches it; null when the entry is stale.</summary>
    /// <param name="sticky">The poll was on the sticky queue, so the worker has the history up to its last task.</param>
    public WorkflowTaskStart? StartWorkflowTask(int entryStamp, string identity, bool sticky, DateTimeOffset now)
    {
        if (!IsRunning || state.WorkflowTask is not { StartedEventId: 0 } || entryStamp != stamp)
        {
            return null;
        }
        return StartTask(context.Ids.NewUuid(), identity, sticky, now);
    }

    /// <summary>The first task of a run that just started, for the client that started it; null when it has to wait.</summary>
    public WorkflowTaskStart? StartEagerly(string identity, DateTimeOffset now)
    {
        if (!deferFirstTask)
        {
            return null;
        }
        deferFirstTask = false;
        // The same object is in event 1.
        var started = state.Started;
        started.EagerExecutionAccepted = true;
        state.Started = started;
        ScheduleWorkflowTask(now);
        effects.RemoveAll(static effect => effect is WorkflowTaskReady);
        return StartTask(context.Ids.NewUuid(), identity, sticky: false, now);
    }

    /// <summary>Forgets the worker that has this run cached; its next task goes to the normal queue.</summary>
    public void ClearSticky(DateTimeOffset now)
    {
        state.StickyTaskQueue = "";
        state.StickyScheduleToStartTimeout = null;
        changed = true;
        if (state.WorkflowTask is { StartedEventId: 0, StickyTaskQueue.Length: > 0 } task)
        {
            task.StickyTaskQueue = "";
            stamp++;
            effects.Add(new WorkflowTaskReady(TaskQueue, Sticky: false, stamp));
        }
    }

    /// <summary>The parent of this child knows that it started: its first workflow task may come.</summary>
    public void Release(DateTimeOffset now)
    {
        if (!held || !IsRunning)
        {
            return;
        }
        held = false;
        if (state.WorkflowTask is null && state.FirstWorkflowTaskAt is null)
        {
            ScheduleWorkflowTask(now);
        }
    }

    /// <summary>Puts ready work into the queues again, after the run was loaded from the store.</summary>
    public IReadOnlyList<Effect> ReadyEffects(DateTimeOffset now)
    {
        var ready = new List<Effect>();
        if (!IsRunning)
        {
            return ready;
        }
        if (state.WorkflowTask is { StartedEventId: 0 } task)
        {
            ready.Add(new WorkflowTaskReady(task.StickyTaskQueue.Length > 0 ? task.StickyTaskQueue : TaskQueue, task.StickyTaskQueue.Length > 0, stamp));
        }
        foreach (var activity in state.Activities.Values)
        {
            if (IsDue(activity, now) && dispatched.Add(DispatchOf(activity)))
            {
                ready.Add(new ActivityReady(DispatchOf(activity), activity.TaskQueue, LevelOf(activity)));
            }
        }
        return ready;
    }

    /// <summary>Whether recovery must load this run to put work into queues.</summary>
    public bool HasReadyWork
    {
        get
        {
            if (state.Outbox.Count > 0)
            {
                return true;
            }
            if (!IsRunning)
            {
                return false;
            }
            if (state.WorkflowTask is { StartedEventId: 0 } && !speculative)
            {
                return true;
            }
            foreach (var activity in state.Activities.Values)
            {
                if (activity.StartedTime is null && activity.Pause is null)
                {
                    return true;
                }
            }
            return false;
        }
    }

    private void EnsureWorkflowTask(DateTimeOffset now)
    {
        if (IsRunning && state.WorkflowTask is null && state.FirstWorkflowTaskAt is null && !held && !deferFirstTask)
        {
            ScheduleWorkflowTask(now);
        }
    }

    private void ScheduleWorkflowTask(DateTimeOffset now, bool asSpeculative = false, Timestamp? original = null)
    {
        Machines.WorkflowTask.Next(WorkflowTaskPhase, WorkflowTaskEvent.Schedule);
        if (state.WorkflowTaskAttempt < 1)
        {
            state.WorkflowTaskAttempt = 1;
        }
        var sticky = state.WorkflowTaskAttempt == 1 ? state.StickyTaskQueue : "";
        var task = new WorkflowTaskState
        {
            ScheduledEventId = state.NextEventId,
            Attempt = state.WorkflowTaskAttempt,
            ScheduledTime = now.ToTimestamp(),
            OriginalScheduledTime = original ?? now.ToTimestamp(),
            StartToCloseTimeout = TaskTimeout(state.WorkflowTaskAttempt),
            StickyTaskQueue = sticky,
        };
        state.WorkflowTask = task;
        speculative = asSpeculative && task.Attempt == 1;
        if (!speculative)
        {
            changed = true;
            if (task.Attempt == 1)
            {
                Append(ScheduledEvent(task));
            }
        }
        stamp++;
        effects.Add(new WorkflowTaskReady(sticky.Length > 0 ? sticky : TaskQueue, sticky.Length > 0, stamp));
    }

    /// <summary>Attempts above 3 get more and more time, so that a broken workflow costs less and less (5 s doubling to 10 min).</summary>
    private Duration TaskTimeout(int attempt)
    {
        var timeout = state.Started.WorkflowTaskTimeout.ToTimeSpan();
        if (attempt > 3)
        {
            timeout += TimeSpan.FromSeconds(Math.Min(600, 5 * Math.Pow(2, Math.Min(attempt - 4, 10))));
        }
        return timeout.ToDuration();
    }

    private WorkflowTaskStart StartTask(string requestId, string identity, bool sticky, DateTimeOffset now)
    {
        var task = state.WorkflowTask!;
        Machines.WorkflowTask.Next(WorkflowTaskPhase.Scheduled, WorkflowTaskEvent.Start);
        if (!sticky && task.StickyTaskQueue.Length > 0)
        {
            // The normal queue took over: whoever had the run cached has it no longer.
            state.StickyTaskQueue = "";
            task.StickyTaskQueue = "";
        }
        task.StartedTime = now.ToTimestamp();
        task.RequestId = requestId;
        task.Identity = identity;
        task.HistorySizeBytes = state.HistorySizeBytes;
        SuggestContinueAsNew(task);
        task.TargetVersionChanged = HasNewTarget();
        if (!speculative && task.Attempt == 1)
        {
            var started = StartedEvent(task);
            Append(started);
            task.StartedEventId = started.EventId;
        }
        else
        {
            task.ScheduledEventId = state.NextEventId;
            task.StartedEventId = state.NextEventId + 1;
        }
        if (!speculative)
        {
            changed = true;
        }
        var virtualEvents = VirtualTaskEvents();
        var fromEventId = sticky ? state.PreviousStartedEventId + 1 : 1;
        var messages = TakeUpdateMessages(task);
        return new WorkflowTaskStart(
            WorkflowTaskToken(task),
            task.StartedEventId,
            state.PreviousStartedEventId,
            task.Attempt,
            task.ScheduledTime,
            task.StartedTime,
            fromEventId,
            state.NextEventId,
            virtualEvents,
            messages,
            TakeBufferedQueries());
    }

    /// <summary>Scheduled and started of the current task when they are not stored: they stand at the end of what a worker reads.</summary>
    public IReadOnlyList<HistoryEvent> VirtualTaskEvents()
    {
        if (state.WorkflowTask is not { } task || (!speculative && task.Attempt == 1))
        {
            return [];
        }
        var scheduled = ScheduledEvent(task);
        scheduled.EventId = task.StartedEventId != 0 ? task.ScheduledEventId : state.NextEventId;
        if (task.StartedEventId == 0)
        {
            return [scheduled];
        }
        var started = StartedEvent(task);
        started.EventId = task.StartedEventId;
        return [scheduled, started];
    }

    private TaskToken WorkflowTaskToken(WorkflowTaskState task) => new()
    {
        Namespace = state.Namespace,
        WorkflowId = state.WorkflowId,
        RunId = state.RunId,
        ScheduledEventId = task.ScheduledEventId,
        StartedEventId = task.StartedEventId,
        Attempt = task.Attempt,
        StartedTicks = task.StartedTime.ToDateTimeOffset().UtcTicks,
    };

    private void SuggestContinueAsNew(WorkflowTaskState task)
    {
        var limits = context.Limits;
        if (state.HistorySizeBytes > limits.HistoryBytesSuggest)
        {
            task.SuggestReasons.Add(SuggestContinueAsNewReason.HistorySizeTooLarge);
        }
        if (state.NextEventId - 1 > limits.HistoryEventsSuggest)
        {
            task.SuggestReasons.Add(SuggestContinueAsNewReason.TooManyHistoryEvents);
        }
        if (state.UpdateCount + pendingUpdates.Count >= ((limits.UpdatesPerRun * 9L) + 9) / 10)
        {
            task.SuggestReasons.Add(SuggestContinueAsNewReason.TooManyUpdates);
        }
        task.SuggestContinueAsNew = task.SuggestReasons.Count > 0;
    }

    private HistoryEvent ScheduledEvent(WorkflowTaskState task) => new()
    {
        EventType = EventType.WorkflowTaskScheduled,
        EventTime = task.ScheduledTime,
        WorkflowTaskScheduledEventAttributes = new()
        {
            TaskQueue = task.StickyTaskQueue.Length > 0
                ? new() { Name = task.StickyTaskQueue, Kind = TaskQueueKind.Sticky, NormalName = TaskQueue }
                : new() { Name = TaskQueue, Kind = TaskQueueKind.Normal },
            StartToCloseTimeout = task.StartToCloseTimeout,
            Attempt = task.Attempt,
        },
    };

    private static HistoryEvent StartedEvent(WorkflowTaskState task)
    {
        var attributes = new WorkflowTaskStartedEventAttributes
        {
            ScheduledEventId = task.ScheduledEventId,
            Identity = task.Identity,
            RequestId = task.RequestId,
            HistorySizeBytes = task.HistorySizeBytes,
            SuggestContinueAsNew = task.SuggestContinueAsNew,
            TargetWorkerDeploymentVersionChanged = task.TargetVersionChanged,
        };
        attributes.SuggestContinueAsNewReasons.AddRange(task.SuggestReasons);
        return new() { EventType = EventType.WorkflowTaskStarted, EventTime = task.StartedTime, WorkflowTaskStartedEventAttributes = attributes };
    }

    /// <summary>Stores the events of a speculative task, under the ids that a worker may already have seen.</summary>
    private void PersistSpeculativeTask()
    {
        speculative = false;
        changed = true;
        state.FirstWorkflowTaskAt = null;
        PersistTaskEvents();
    }

    private void PersistTaskEvents()
    {
        var task = state.WorkflowTask!;
        var scheduled = ScheduledEvent(task);
        Append(scheduled);
        task.ScheduledEventId = scheduled.EventId;
        if (task.StartedTime is not null)
        {
            var started = StartedEvent(task);
            Append(started);
            if (task.StartedEventId != started.EventId)
            {
                throw new InvalidOperationException($"Bug: WORKFLOW_TASK_STARTED got id {started.EventId}, the worker has {task.StartedEventId}");
            }
        }
    }

    private void DropScheduledTask()
    {
        Machines.WorkflowTask.Next(WorkflowTaskPhase, WorkflowTaskEvent.Drop);
        state.WorkflowTask = null;
        speculative = false;
        stamp++;
    }

    private WorkflowTaskState VerifyTask(TaskToken token)
    {
        if (!IsRunning || state.WorkflowTask is not { StartedEventId: not 0 } task ||
            task.ScheduledEventId != token.ScheduledEventId || task.StartedEventId != token.StartedEventId ||
            task.Attempt != token.Attempt || task.StartedTime.ToDateTimeOffset().UtcTicks != token.StartedTicks)
        {
            throw Faults.WorkflowTaskNotFound();
        }
        return task;
    }

    /// <summary>A worker could not do its task.</summary>
    public void FailWorkflowTask(TaskToken token, RespondWorkflowTaskFailedRequest request, DateTimeOffset now)
    {
        VerifyTask(token);
        if (request.Cause == WorkflowTaskFailedCause.GrpcMessageTooLarge)
        {
            // The worker cannot ever answer this run: its messages do not fit.
            CloseByServer(now, "GrpcMessageTooLarge");
            return;
        }
        FailTask(request.Cause, request.Failure, request.Identity, now);
    }

    private void FailTask(WorkflowTaskFailedCause cause, Failure? failure, string identity, DateTimeOffset now, bool resetAttempt = false)
    {
        var task = state.WorkflowTask!;
        Machines.WorkflowTask.Next(WorkflowTaskPhase.Started, WorkflowTaskEvent.Fail);
        ReturnUpdates();
        if (speculative)
        {
            PersistSpeculativeTask();
        }
        if (task.Attempt == 1)
        {
            Append(EventType.WorkflowTaskFailed, now, e => e.WorkflowTaskFailedEventAttributes = new()
            {
                ScheduledEventId = task.ScheduledEventId,
                StartedEventId = task.StartedEventId,
                Cause = cause,
                Failure = failure,
                Identity = identity,
            });
        }
        EndTask(now, resetAttempt);
        closeAttempted = cause == WorkflowTaskFailedCause.UnhandledCommand;
    }

    /// <summary>After a failure or a time-out: attempt, sticky queue, buffered events, next task.</summary>
    private void EndTask(DateTimeOffset now, bool resetAttempt)
    {
        var task = state.WorkflowTask!;
        // One free try on the normal queue when the worker with the cache failed.
        var free = state.StickyTaskQueue.Length > 0;
        state.WorkflowTaskAttempt = resetAttempt || free ? 1 : task.Attempt + 1;
        closeAttempted = false;
        state.StickyTaskQueue = "";
        state.StickyScheduleToStartTimeout = null;
        state.WorkflowTask = null;
        speculative = false;
        changed = true;
        if (state.BufferedEvents.Count > 0)
        {
            // Something new happened: the next task is stored and counts from one.
            FlushBuffer();
            state.WorkflowTaskAttempt = 1;
        }
        ScheduleWorkflowTask(now);
        ReturnQueries();
    }

    private void TimeOutStartedTask(DateTimeOffset now)
    {
        var task = state.WorkflowTask!;
        Machines.WorkflowTask.Next(WorkflowTaskPhase.Started, WorkflowTaskEvent.TimeOut);
        ReturnUpdates();
        if (speculative)
        {
            PersistSpeculativeTask();
        }
        if (task.Attempt == 1)
        {
            Append(EventType.WorkflowTaskTimedOut, now, e => e.WorkflowTaskTimedOutEventAttributes = new()
            {
                ScheduledEventId = task.ScheduledEventId,
                StartedEventId = task.StartedEventId,
                TimeoutType = TimeoutType.StartToClose,
            });
        }
        EndTask(now, resetAttempt: false);
    }

    private void TimeOutScheduledTask(DateTimeOffset now)
    {
        var task = state.WorkflowTask!;
        Machines.WorkflowTask.Next(WorkflowTaskPhase.Scheduled, WorkflowTaskEvent.TimeOut);
        if (speculative)
        {
            PersistSpeculativeTask();
        }
        Append(EventType.WorkflowTaskTimedOut, now, e => e.WorkflowTaskTimedOutEventAttributes = new()
        {
            ScheduledEventId = task.ScheduledEventId,
            TimeoutType = TimeoutType.ScheduleToStart,
        });
        state.WorkflowTask = null;
        state.StickyTaskQueue = "";
        state.StickyScheduleToStartTimeout = null;
        ScheduleWorkflowTask(now);
    }
}

/// <summary>A workflow task as a worker gets it, but for stored events, which the shell adds.</summary>
/// <param name="FromEventId">First event to deliver.</param>
/// <param name="BeforeEventId">Stored events below this are delivered, then the virtual ones.</param>
public sealed record WorkflowTaskStart(
    TaskToken Token,
    long StartedEventId,
    long PreviousStartedEventId,
    int Attempt,
    Timestamp ScheduledTime,
    Timestamp StartedTime,
    long FromEventId,
    long BeforeEventId,
    IReadOnlyList<HistoryEvent> VirtualEvents,
    IReadOnlyList<Temporalio.Api.Protocol.V1.Message> Messages,
    IReadOnlyList<KeyValuePair<string, Temporalio.Api.Query.V1.WorkflowQuery>> Queries);
