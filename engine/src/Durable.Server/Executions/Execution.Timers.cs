using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Executions;

/// <summary>Time: everything of a run that comes due.</summary>
public sealed partial class Execution
{
    /// <summary>When this run next needs <see cref="FireDueTimers"/>; null when nothing of it is bound to time.</summary>
    public DateTimeOffset? NextTimerAt => IsRunning ? FindNext().At : null;

    /// <summary>Lets everything happen that is due at <paramref name="now"/>, in order of its time.</summary>
    public void FireDueTimers(DateTimeOffset now)
    {
        // Each pass handles the earliest; what it causes may be due as well.
        while (IsRunning)
        {
            var due = FindNext();
            if (due.At is not { } at || at > now)
            {
                return;
            }
            Fire(due, now);
        }
    }

    private void Fire(DueItem due, DateTimeOffset now)
    {
        switch (due.Kind)
        {
            case DueKind.ExecutionTimeout:
                TimeOutRun(execution: true, now);
                break;
            case DueKind.RunTimeout:
                TimeOutRun(execution: false, now);
                break;
            case DueKind.FirstTask:
                FirstTaskIsDue(now);
                break;
            case DueKind.TaskStartToClose:
                TimeOutStartedTask(now);
                break;
            case DueKind.TaskScheduleToStart:
                TimeOutScheduledTask(now);
                break;
            case DueKind.Timer:
                FireDueTimersOfWorkflow(now);
                break;
            case DueKind.ActivityRetry:
                DispatchDueActivities(now);
                break;
            default:
                TimeOutActivity(due.Activity!, due.Timeout, now);
                break;
        }
    }

    private void FirstTaskIsDue(DateTimeOffset now)
    {
        if (speculative)
        {
            // It came before its time, for an update. Dropped now, it would leave none.
            PersistSpeculativeTask();
            return;
        }
        state.FirstWorkflowTaskAt = null;
        changed = true;
        EnsureWorkflowTask(now);
    }

    // All that are due in one pass: thousands may be, and looking for the earliest each time would take the square of that.
    private void FireDueTimersOfWorkflow(DateTimeOffset now)
    {
        var due = new List<TimerState>();
        foreach (var timer in state.Timers.Values)
        {
            if (timer.FireTime.ToDateTimeOffset() <= now)
            {
                due.Add(timer);
            }
        }
        due.Sort(static (a, b) => a.FireTime.CompareTo(b.FireTime) is var order and not 0 ? order : a.StartedEventId.CompareTo(b.StartedEventId));
        foreach (var timer in due)
        {
            FireTimer(timer, now);
        }
    }

    private void FireTimer(TimerState timer, DateTimeOffset now)
    {
        Machines.Timer.Next(TimerPhase.Running, TimerEvent.Fire);
        state.Timers.Remove(timer.TimerId);
        External(EventType.TimerFired, now, e => e.TimerFiredEventAttributes = new()
        {
            TimerId = timer.TimerId,
            StartedEventId = timer.StartedEventId,
        });
        EnsureWorkflowTask(now);
    }

    private DueItem FindNext()
    {
        var next = new DueItem(null, DueKind.Timer);
        if (state.Started.WorkflowExecutionExpirationTime is { } expiration)
        {
            next = Earlier(next, expiration.ToDateTimeOffset(), DueKind.ExecutionTimeout);
        }
        if (state.Started.WorkflowRunTimeout is { } run && run.ToTimeSpan() > TimeSpan.Zero)
        {
            // Counted from the first task, as the genuine server does for delayed and retried runs.
            next = Earlier(next, state.ExecutionTime.ToDateTimeOffset() + run.ToTimeSpan(), DueKind.RunTimeout);
        }
        if (state.FirstWorkflowTaskAt is { } first)
        {
            next = Earlier(next, first.ToDateTimeOffset(), DueKind.FirstTask);
        }
        if (state.WorkflowTask is { } task)
        {
            if (task.StartedTime is { } started)
            {
                next = Earlier(next, started.ToDateTimeOffset() + task.StartToCloseTimeout.ToTimeSpan(), DueKind.TaskStartToClose);
            }
            else if (task.StickyTaskQueue.Length > 0 || speculative)
            {
                var wait = StickyScheduleToStartTimeout > TimeSpan.Zero ? StickyScheduleToStartTimeout : TimeSpan.FromSeconds(10);
                next = Earlier(next, task.ScheduledTime.ToDateTimeOffset() + (speculative ? Min(wait, SpeculativeScheduleToStart) : wait), DueKind.TaskScheduleToStart);
            }
        }
        foreach (var timer in state.Timers.Values)
        {
            var at = timer.FireTime.ToDateTimeOffset();
            if (next.At is null || at < next.At || (at == next.At && next.Timer is { } other && timer.StartedEventId < other.StartedEventId))
            {
                next = new DueItem(at, DueKind.Timer) { Timer = timer };
            }
        }
        foreach (var activity in state.Activities.Values)
        {
            next = EarlierOf(next, activity);
        }
        return next;
    }

    private DueItem EarlierOf(DueItem next, ActivityState activity)
    {
        var toClose = activity.ScheduleToCloseTimeout.ToTimeSpan();
        if (toClose > TimeSpan.Zero)
        {
            next = Earlier(next, activity.FirstScheduledTime.ToDateTimeOffset() + toClose, activity, TimeoutType.ScheduleToClose);
        }
        if (activity.StartedTime is not { } startedTime)
        {
            var scheduled = activity.ScheduledTime.ToDateTimeOffset();
            if (activity.Pause is null && !dispatched.Contains(DispatchOf(activity)))
            {
                next = Earlier(next, scheduled, DueKind.ActivityRetry);
            }
            var toStart = activity.ScheduleToStartTimeout.ToTimeSpan();
            // Equal limits: schedule-to-close is the one that the history shows for a later attempt, schedule-to-start for the first.
            return toStart > TimeSpan.Zero && (activity.Attempt == 1 || toStart < toClose || toClose == TimeSpan.Zero)
                ? Earlier(next, scheduled + toStart, activity, TimeoutType.ScheduleToStart, winsTie: activity.Attempt == 1)
                : next;
        }
        var started = startedTime.ToDateTimeOffset();
        var startToClose = activity.StartToCloseTimeout.ToTimeSpan();
        if (startToClose > TimeSpan.Zero)
        {
            next = Earlier(next, started + startToClose, activity, TimeoutType.StartToClose);
        }
        var heartbeat = activity.HeartbeatTimeout.ToTimeSpan();
        if (heartbeat > TimeSpan.Zero)
        {
            var last = activity.LastHeartbeatTime?.ToDateTimeOffset() ?? started;
            next = Earlier(next, (last > started ? last : started) + heartbeat, activity, TimeoutType.Heartbeat);
        }
        return next;
    }

    private static DueItem Earlier(DueItem next, DateTimeOffset at, DueKind kind) =>
        next.At is null || at < next.At ? new DueItem(at, kind) : next;

    private static DueItem Earlier(DueItem next, DateTimeOffset at, ActivityState activity, TimeoutType type, bool winsTie = false) =>
        next.At is null || at < next.At || (winsTie && at == next.At && next.Activity == activity)
            ? new DueItem(at, DueKind.ActivityTimeout) { Activity = activity, Timeout = type }
            : next;

    private enum DueKind
    {
        ExecutionTimeout,
        RunTimeout,
        FirstTask,
        TaskStartToClose,
        TaskScheduleToStart,
        Timer,
        ActivityRetry,
        ActivityTimeout,
    }

    private readonly record struct DueItem(DateTimeOffset? At, DueKind Kind)
    {
        public TimerState? Timer { get; init; }

        public ActivityState? Activity { get; init; }

        public TimeoutType Timeout { get; init; }
    }
}
