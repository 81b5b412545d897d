using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Durable.Server.Executions;

/// <summary>
/// One run: its state and everything that Temporal decides about it. Commands are methods; each changes the state, and
/// <see cref="TakeDecision"/> gives what is to be stored and what is to be done after that.
/// </summary>
/// <remarks>
/// Pure and deterministic: no clock, no I/O; time comes in with each call and ids from the context. Not thread-safe: the
/// shell lets in one command at a time. A method that throws <see cref="Durable.Protocol.RpcFaultException"/> has changed
/// nothing. After any other exception, and after a failed commit, the shell throws the object away and restores the run
/// from the store.
/// </remarks>
public sealed partial class Execution
{
    private readonly RunContext context;
    private readonly List<HistoryEvent> recent = [];
    private RunState state;
    private List<HistoryEvent> newEvents = [];
    private List<Effect> effects = [];
    private bool changed;

    private Execution(RunState state, RunContext context)
    {
        this.state = state;
        this.context = context;
    }

    public string Namespace => state.Namespace;

    public string WorkflowId => state.WorkflowId;

    public string RunId => state.RunId;

    public string FirstRunId => state.Started.FirstExecutionRunId;

    public string CreateRequestId => state.CreateRequestId;

    /// <summary>The schedule that started this chain; empty: none did.</summary>
    public string ScheduleId => state.ScheduleId;

    public WorkflowExecutionStatus Status => state.Status;

    public bool IsRunning => state.Status == WorkflowExecutionStatus.Running;

    public DateTimeOffset StartTime => state.StartTime.ToDateTimeOffset();

    public WorkflowExecutionStartedEventAttributes Started => state.Started;

    public string TaskQueue => state.Started.TaskQueue.Name;

    /// <summary>The level that its workflow tasks and queries are queued at.</summary>
    public int Priority => Priorities.LevelOf(state.Started.Priority);

    /// <summary>The id that the next stored event gets.</summary>
    public long NextEventId => state.NextEventId;

    /// <summary>Events of the latest tasks, kept so that a poll does not read back what was just written; volatile.</summary>
    public IReadOnlyList<HistoryEvent> RecentEvents => recent;

    public IReadOnlyList<OutboxEntry> Outbox => state.Outbox;

    /// <summary>What arrived while a workflow task runs and has no ids yet.</summary>
    public IReadOnlyList<HistoryEvent> BufferedEvents => state.BufferedEvents;

    /// <summary>Another run of this workflow id was made together with this one's end.</summary>
    public bool HasFollower { get; private set; }

    /// <summary>What would be lost or become unreachable if this object were dropped and restored.</summary>
    public bool HasVolatileWork =>
        HasReadyWork || speculative || pendingUpdates.Count > 0 || bufferedQueries.Count > 0 || sentQueries.Count > 0 || directQueries.Count > 0;

    /// <summary>Work is in a queue or with a worker, so virtual time must not jump.</summary>
    public bool HoldsTime
    {
        get
        {
            if (state.Outbox.Count > 0)
            {
                return true;
            }
            if (!IsRunning)
            {
                return directQueries.Count > 0;
            }
            if (state.WorkflowTask is not null || directQueries.Count > 0 || state.Externals.Count > 0)
            {
                return true;
            }
            foreach (var activity in state.Activities.Values)
            {
                if (activity.StartedTime is not null || dispatched.Contains(DispatchOf(activity)))
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>Starts a run: event 1 and, unless it waits for something, its first workflow task.</summary>
    public static Execution Start(StartRun start, RunContext context, DateTimeOffset now)
    {
        var attributes = start.Attributes;
        var backoff = attributes.FirstWorkflowTaskBackoff?.ToTimeSpan() ?? TimeSpan.Zero;
        var state = new RunState
        {
            Namespace = start.Namespace,
            WorkflowId = start.WorkflowId,
            RunId = start.RunId,
            CreateRequestId = start.RequestId,
            Started = attributes,
            StartTime = now.ToTimestamp(),
            ExecutionTime = (now + backoff).ToTimestamp(),
            Status = WorkflowExecutionStatus.Running,
            NextEventId = 1,
            WorkflowTaskAttempt = 1,
            UserMetadata = start.UserMetadata,
            Memo = attributes.Memo?.Clone(),
            SearchAttributes = attributes.SearchAttributes,
            AutoResetPoints = start.PreviousResetPoints,
            LastCompletionResult = attributes.LastCompletionResult,
            LastFailure = attributes.ContinuedFailure,
            ScheduleId = start.ScheduleId,
            Versioning = Versioning.AtStart(attributes),
        };
        var execution = new Execution(state, context);
        if (state.Versioning is not null)
        {
            execution.ShowVersion();
        }
        state.RequestIds[start.RequestId] = new() { EventType = EventType.WorkflowExecutionStarted, EventId = 1 };
        execution.Append(EventType.WorkflowExecutionStarted, now, e =>
        {
            e.WorkflowExecutionStartedEventAttributes = attributes;
            e.UserMetadata = start.UserMetadata;
        });
        if (backoff > TimeSpan.Zero)
        {
            state.FirstWorkflowTaskAt = (now + backoff).ToTimestamp();
        }
        else if (start.HoldFirstTask)
        {
            execution.held = true;
        }
        else
        {
            execution.deferFirstTask = true;
        }
        return execution;
    }

    public static Execution Restore(RunState state, RunContext context)
    {
        var execution = new Execution(state, context)
        {
            // A child that waits for its parent has no workflow task yet; the parent's outbox releases it.
            held = state.Status == WorkflowExecutionStatus.Running && state.WorkflowTask is null && state.NextEventId == 2 && state.FirstWorkflowTaskAt is null,
        };
        execution.RegisterAdmittedByEvent();
        return execution;
    }

    /// <summary>What the store keeps. The volatile part is left out.</summary>
    public byte[] ToState()
    {
        if (!speculative)
        {
            return state.ToByteArray();
        }
        var task = state.WorkflowTask;
        state.WorkflowTask = null;
        var bytes = state.ToByteArray();
        state.WorkflowTask = task;
        return bytes;
    }

    /// <summary>A command has changed something that no <see cref="TakeDecision"/> has given out yet.</summary>
    public bool IsUndecided => changed || newEvents.Count > 0 || effects.Count > 0;

    /// <summary>Ends the transaction: what happened since the last call.</summary>
    /// <param name="sameTransition">A hand-out in the transaction of the decision before: not a transition of its own.</param>
    public Decision TakeDecision(DateTimeOffset now, bool sameTransition = false)
    {
        if (deferFirstTask)
        {
            deferFirstTask = false;
            ScheduleWorkflowTask(now);
        }
        if ((newEvents.Count > 0 || changed) && !sameTransition)
        {
            state.StateTransitionCount++;
        }
        var decision = new Decision(newEvents, changed || newEvents.Count > 0, effects);
        newEvents = [];
        effects = [];
        changed = false;
        return decision;
    }

    /// <summary>Tells that recent events below <paramref name="eventId"/> will not be asked for soon.</summary>
    private void TrimRecent(long eventId)
    {
        // What is not stored yet can be read nowhere else.
        var before = newEvents.Count > 0 ? Math.Min(eventId, newEvents[0].EventId) : eventId;
        var count = 0;
        while (count < recent.Count && recent[count].EventId < before)
        {
            count++;
        }
        if (count > 0)
        {
            recent.RemoveRange(0, count);
        }
    }

    private HistoryEvent Append(EventType type, DateTimeOffset time, Action<HistoryEvent> fill)
    {
        var e = new HistoryEvent { EventType = type, EventTime = time.ToTimestamp() };
        fill(e);
        Append(e);
        return e;
    }

    private void Append(HistoryEvent e)
    {
        e.EventId = state.NextEventId++;
        e.TaskId = TaskIdBase + e.EventId;
        state.HistorySizeBytes += e.CalculateSize();
        newEvents.Add(e);
        recent.Add(e);
    }

    /// <summary>An event that comes from outside: it gets its id at once, or waits in the buffer until the running workflow task ends.</summary>
    private void AppendExternal(HistoryEvent e, DateTimeOffset now)
    {
        if (state.WorkflowTask is { } task)
        {
            if (task.StartedEventId != 0)
            {
                if (speculative)
                {
                    PersistSpeculativeTask();
                }
                state.BufferedEvents.Add(e);
                changed = true;
                return;
            }
            if (speculative)
            {
                PersistSpeculativeTask();
            }
            else if (task.Attempt > 1)
            {
                // A transient task that nobody has: it gives way, and a stored one with attempt 1 follows.
                DropScheduledTask();
                state.WorkflowTaskAttempt = 1;
                Append(e);
                ScheduleWorkflowTask(now);
                return;
            }
        }
        Append(e);
    }

    private HistoryEvent External(EventType type, DateTimeOffset now, Action<HistoryEvent> fill)
    {
        var e = new HistoryEvent { EventType = type, EventTime = now.ToTimestamp() };
        fill(e);
        AppendExternal(e, now);
        return e;
    }

    /// <summary>Gives the buffered events their ids: first those that close nothing, then the closes, each in order of arrival.</summary>
    private void FlushBuffer()
    {
        if (state.BufferedEvents.Count == 0)
        {
            return;
        }
        var events = new List<HistoryEvent>(state.BufferedEvents);
        state.BufferedEvents.Clear();
        Dictionary<long, long>? startedIds = null;
        foreach (var e in events)
        {
            if (ClosedScheduledId(e) == 0)
            {
                Append(e);
                NoteRequestId(e);
                if (e.EventType == EventType.ActivityTaskStarted)
                {
                    (startedIds ??= [])[e.ActivityTaskStartedEventAttributes.ScheduledEventId] = e.EventId;
                }
                else if (e.EventType == EventType.ChildWorkflowExecutionStarted)
                {
                    var initiated = e.ChildWorkflowExecutionStartedEventAttributes.InitiatedEventId;
                    (startedIds ??= [])[initiated] = e.EventId;
                    if (state.Children.TryGetValue(initiated, out var child))
                    {
                        child.StartedEventId = e.EventId;
                    }
                }
            }
        }
        foreach (var e in events)
        {
            if (ClosedScheduledId(e) is var scheduled and not 0)
            {
                if (startedIds is not null && startedIds.TryGetValue(scheduled, out var started))
                {
                    SetStartedId(e, started);
                }
                Append(e);
            }
        }
    }

    private void NoteRequestId(HistoryEvent flushed)
    {
        var requestId = flushed.WorkflowExecutionSignaledEventAttributes?.RequestId
            ?? flushed.WorkflowExecutionOptionsUpdatedEventAttributes?.AttachedRequestId
            ?? "";
        if (requestId.Length > 0 && state.RequestIds.TryGetValue(requestId, out var info) && info.Buffered)
        {
            info.EventId = flushed.EventId;
            info.Buffered = false;
        }
    }

    /// <summary>The scheduled or initiated id that a close event refers to; 0 for other events.</summary>
    private static long ClosedScheduledId(HistoryEvent e) => e.EventType switch
    {
        EventType.ActivityTaskCompleted => e.ActivityTaskCompletedEventAttributes.ScheduledEventId,
        EventType.ActivityTaskFailed => e.ActivityTaskFailedEventAttributes.ScheduledEventId,
        EventType.ActivityTaskTimedOut => e.ActivityTaskTimedOutEventAttributes.ScheduledEventId,
        EventType.ActivityTaskCanceled => e.ActivityTaskCanceledEventAttributes.ScheduledEventId,
        EventType.ChildWorkflowExecutionCompleted => e.ChildWorkflowExecutionCompletedEventAttributes.InitiatedEventId,
        EventType.ChildWorkflowExecutionFailed => e.ChildWorkflowExecutionFailedEventAttributes.InitiatedEventId,
        EventType.ChildWorkflowExecutionTimedOut => e.ChildWorkflowExecutionTimedOutEventAttributes.InitiatedEventId,
        EventType.ChildWorkflowExecutionCanceled => e.ChildWorkflowExecutionCanceledEventAttributes.InitiatedEventId,
        EventType.ChildWorkflowExecutionTerminated => e.ChildWorkflowExecutionTerminatedEventAttributes.InitiatedEventId,
        _ => 0,
    };

    private static void SetStartedId(HistoryEvent e, long startedId)
    {
        switch (e.EventType)
        {
            case EventType.ActivityTaskCompleted:
                e.ActivityTaskCompletedEventAttributes.StartedEventId = startedId;
                break;
            case EventType.ActivityTaskFailed:
                e.ActivityTaskFailedEventAttributes.StartedEventId = startedId;
                break;
            case EventType.ActivityTaskTimedOut:
                e.ActivityTaskTimedOutEventAttributes.StartedEventId = startedId;
                break;
            case EventType.ActivityTaskCanceled:
                e.ActivityTaskCanceledEventAttributes.StartedEventId = startedId;
                break;
            case EventType.ChildWorkflowExecutionCompleted:
                e.ChildWorkflowExecutionCompletedEventAttributes.StartedEventId = startedId;
                break;
            case EventType.ChildWorkflowExecutionFailed:
                e.ChildWorkflowExecutionFailedEventAttributes.StartedEventId = startedId;
                break;
            case EventType.ChildWorkflowExecutionTimedOut:
                e.ChildWorkflowExecutionTimedOutEventAttributes.StartedEventId = startedId;
                break;
            case EventType.ChildWorkflowExecutionCanceled:
                e.ChildWorkflowExecutionCanceledEventAttributes.StartedEventId = startedId;
                break;
            case EventType.ChildWorkflowExecutionTerminated:
                e.ChildWorkflowExecutionTerminatedEventAttributes.StartedEventId = startedId;
                break;
        }
    }

    /// <summary>After an attempt to close that buffered events refused, the next task is let run: new ones would refuse it for ever.</summary>
    private void RequireNotClosing()
    {
        if (closeAttempted && WorkflowTaskPhase == WorkflowTaskPhase.Started)
        {
            throw Faults.RunIsClosing();
        }
    }

    private void RequireRunning()
    {
        if (!IsRunning)
        {
            throw Faults.WorkflowClosed();
        }
    }

    // Any increasing number does; the genuine server's begin about here.
    private const long TaskIdBase = 1_048_576;

    private bool held;
    private bool closeAttempted;
    private bool deferFirstTask;
}
