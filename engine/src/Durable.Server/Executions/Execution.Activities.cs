using Durable.Protocol;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;

namespace Durable.Server.Executions;

/// <summary>Activities: attempts, time-outs, heartbeats, cancellation.</summary>
public sealed partial class Execution
{
    private const string RetryTimeUp = "Not enough time to schedule next retry before activity ScheduleToClose timeout, giving up retrying";

    // Volatile: attempts that are in a queue or with a worker, so that a timer does not queue them again.
    private readonly HashSet<ActivityDispatch> dispatched = [];

    /// <summary>Hands an attempt to a worker; null when the queue entry is stale.</summary>
    public ActivityStart? StartActivity(ActivityDispatch dispatch, string identity, DateTimeOffset now)
    {
        if (!IsRunning || !state.Activities.TryGetValue(dispatch.ScheduledEventId, out var activity) ||
            DispatchOf(activity) != dispatch || activity.Pause is not null || activity.StartedTime is not null)
        {
            return null;
        }
        Machines.Activity.Next(ActivityPhase.Scheduled, ActivityEvent.Start);
        activity.StartedTime = now.ToTimestamp();
        activity.Identity = identity;
        activity.RequestId = context.Ids.NewUuid();
        changed = true;
        return new ActivityStart(ActivityToken(activity), activity.Clone());
    }

    public void CompleteActivity(TaskToken token, Payloads? result, string identity, DateTimeOffset now) =>
        CompleteActivity(FindStarted(token), result, identity, now);

    public void FailActivity(TaskToken token, Failure failure, Payloads? heartbeat, string identity, DateTimeOffset now) =>
        FailActivity(FindStarted(token), failure, heartbeat, identity, now);

    public void CancelActivity(TaskToken token, Payloads? details, string identity, DateTimeOffset now) =>
        CancelActivity(FindStarted(token), details, identity, now);

    public HeartbeatAnswer HeartbeatActivity(TaskToken token, Payloads? details, DateTimeOffset now) => Heartbeat(FindStarted(token), details, now);

    public void CompleteActivityById(string activityId, Payloads? result, string identity, DateTimeOffset now) =>
        CompleteActivity(FindById(activityId), result, identity, now);

    public void FailActivityById(string activityId, Failure failure, Payloads? heartbeat, string identity, DateTimeOffset now) =>
        FailActivity(FindStartedById(activityId), failure, heartbeat, identity, now);

    public void CancelActivityById(string activityId, Payloads? details, string identity, DateTimeOffset now) =>
        CancelActivity(FindStartedById(activityId), details, identity, now);

    public HeartbeatAnswer HeartbeatActivityById(string activityId, Payloads? details, DateTimeOffset now) => Heartbeat(FindStartedById(activityId), details, now);

    private ActivityState FindStarted(TaskToken token)
    {
        RequireRunning();
        if (token.ScheduledEventId == 0 && token.ActivityId.Length > 0)
        {
            return FindStartedById(token.ActivityId);
        }
        if (!state.Activities.TryGetValue(token.ScheduledEventId, out var activity) || activity.StartedTime is null || activity.Attempt != token.Attempt)
        {
            throw Faults.ActivityNotFound();
        }
        return activity;
    }

    private ActivityState FindById(string activityId)
    {
        RequireRunning();
        foreach (var activity in state.Activities.Values)
        {
            if (activity.ActivityId == activityId)
            {
                return activity;
            }
        }
        throw Faults.ActivityIdNotFound(activityId);
    }

    private ActivityState FindStartedById(string activityId)
    {
        var activity = FindById(activityId);
        return activity.StartedTime is null ? throw Faults.ActivityNotFound() : activity;
    }

    private TaskToken ActivityToken(ActivityState activity) => new()
    {
        Namespace = state.Namespace,
        WorkflowId = state.WorkflowId,
        RunId = state.RunId,
        ScheduledEventId = activity.ScheduledEventId,
        Attempt = activity.Attempt,
        ActivityId = activity.ActivityId,
    };

    private ActivityState ScheduleActivity(ScheduleActivityTaskCommandAttributes command, HistoryEvent scheduled, DateTimeOffset now)
    {
        Machines.Activity.Next(ActivityPhase.None, ActivityEvent.Schedule);
        var attributes = scheduled.ActivityTaskScheduledEventAttributes;
        var activity = new ActivityState
        {
            ScheduledEventId = scheduled.EventId,
            ActivityId = command.ActivityId,
            ActivityType = command.ActivityType.Name,
            TaskQueue = command.TaskQueue.Name,
            Attempt = 1,
            FirstScheduledTime = now.ToTimestamp(),
            ScheduledTime = now.ToTimestamp(),
            ScheduleToCloseTimeout = attributes.ScheduleToCloseTimeout,
            ScheduleToStartTimeout = attributes.ScheduleToStartTimeout,
            StartToCloseTimeout = attributes.StartToCloseTimeout,
            HeartbeatTimeout = attributes.HeartbeatTimeout,
            RetryPolicy = attributes.RetryPolicy,
            Priority = attributes.Priority,
        };
        state.Activities.Add(activity.ScheduledEventId, activity);
        return activity;
    }

    private void CompleteActivity(ActivityState activity, Payloads? result, string identity, DateTimeOffset now)
    {
        var started = CloseActivity(activity, ActivityEvent.Complete, identity, now);
        External(EventType.ActivityTaskCompleted, now, e => e.ActivityTaskCompletedEventAttributes = new()
        {
            Result = result,
            ScheduledEventId = activity.ScheduledEventId,
            StartedEventId = started,
            Identity = identity,
        });
        EnsureWorkflowTask(now);
    }

    private void FailActivity(ActivityState activity, Failure failure, Payloads? heartbeat, string identity, DateTimeOffset now)
    {
        if (heartbeat is { Payloads_.Count: > 0 })
        {
            activity.HeartbeatDetails = heartbeat;
            activity.LastHeartbeatTime = now.ToTimestamp();
        }
        var retry = DecideRetry(activity, failure, now, out var interval);
        if (retry == RetryState.InProgress)
        {
            RetryActivity(activity, failure, interval, identity, now);
            return;
        }
        var started = CloseActivity(activity, ActivityEvent.Fail, identity, now);
        External(EventType.ActivityTaskFailed, now, e => e.ActivityTaskFailedEventAttributes = new()
        {
            Failure = failure,
            ScheduledEventId = activity.ScheduledEventId,
            StartedEventId = started,
            Identity = identity,
            RetryState = retry,
        });
        EnsureWorkflowTask(now);
    }

    private void CancelActivity(ActivityState activity, Payloads? details, string identity, DateTimeOffset now)
    {
        if (!activity.CancelRequested)
        {
            throw Faults.InvalidArgument("unable to mark activity as canceled without activity being request canceled first");
        }
        var started = CloseActivity(activity, ActivityEvent.Cancel, identity, now);
        External(EventType.ActivityTaskCanceled, now, e => e.ActivityTaskCanceledEventAttributes = new()
        {
            Details = details,
            LatestCancelRequestedEventId = activity.CancelRequestedEventId,
            ScheduledEventId = activity.ScheduledEventId,
            StartedEventId = started,
            Identity = identity,
        });
        EnsureWorkflowTask(now);
    }

    private HeartbeatAnswer Heartbeat(ActivityState activity, Payloads? details, DateTimeOffset now)
    {
        activity.HeartbeatDetails = details;
        activity.LastHeartbeatTime = now.ToTimestamp();
        changed = true;
        return new HeartbeatAnswer(activity.CancelRequested, activity.Pause is not null, activity.ResetRequested);
    }

    /// <summary>Takes the activity out of the table and writes its STARTED, which no attempt wrote before.</summary>
    /// <returns>The id of STARTED, or 0 while it is buffered or when no worker ever had it.</returns>
    private long CloseActivity(ActivityState activity, ActivityEvent closing, string identity, DateTimeOffset now)
    {
        Machines.Activity.Next(activity.StartedTime is null ? ActivityPhase.Scheduled : ActivityPhase.Started, closing);
        state.Activities.Remove(activity.ScheduledEventId);
        dispatched.Remove(DispatchOf(activity));
        changed = true;
        var startedTime = activity.StartedTime;
        if (startedTime is null && closing != ActivityEvent.Complete)
        {
            return 0;
        }
        var e = new HistoryEvent
        {
            EventType = EventType.ActivityTaskStarted,
            EventTime = startedTime ?? now.ToTimestamp(),
            ActivityTaskStartedEventAttributes = new()
            {
                ScheduledEventId = activity.ScheduledEventId,
                Identity = startedTime is null ? identity : activity.Identity,
                RequestId = activity.RequestId.Length > 0 ? activity.RequestId : context.Ids.NewUuid(),
                Attempt = activity.Attempt,
                LastFailure = activity.LastFailure,
            },
        };
        AppendExternal(e, now);
        return e.EventId;
    }

    private RetryState DecideRetry(ActivityState activity, Failure failure, DateTimeOffset now, out TimeSpan interval)
    {
        interval = TimeSpan.Zero;
        if (activity.RetryPolicy is not { } policy)
        {
            return RetryState.RetryPolicyNotSet;
        }
        if (activity.CancelRequested)
        {
            return RetryState.CancelRequested;
        }
        if (!Retries.IsRetryable(failure, policy))
        {
            return RetryState.NonRetryableFailure;
        }
        if (activity.Pause is not null)
        {
            // An attempt that ends because it is paused is none of those that the policy allows: it waits to be resumed.
            return RetryState.InProgress;
        }
        if (policy.MaximumAttempts > 0 && activity.Attempt >= policy.MaximumAttempts)
        {
            return RetryState.MaximumAttemptsReached;
        }
        interval = Retries.Interval(policy, activity.Attempt, failure);
        var toClose = activity.ScheduleToCloseTimeout.ToTimeSpan();
        return toClose > TimeSpan.Zero && now + interval > activity.FirstScheduledTime.ToDateTimeOffset() + toClose
            ? RetryState.Timeout
            : RetryState.InProgress;
    }

    private void RetryActivity(ActivityState activity, Failure failure, TimeSpan interval, string identity, DateTimeOffset now)
    {
        Machines.Activity.Next(ActivityPhase.Started, ActivityEvent.Retry);
        dispatched.Remove(DispatchOf(activity));
        activity.Attempt++;
        activity.StartedTime = null;
        activity.RequestId = "";
        activity.ScheduledTime = (now + interval).ToTimestamp();
        activity.CurrentRetryInterval = interval.ToDuration();
        activity.LastFailure = failure;
        activity.LastWorkerIdentity = identity.Length > 0 ? identity : activity.Identity;
        activity.LastAttemptCompleteTime = now.ToTimestamp();
        if (activity.ResetHeartbeats)
        {
            activity.HeartbeatDetails = null;
            activity.LastHeartbeatTime = null;
        }
        activity.ResetRequested = false;
        activity.ResetHeartbeats = false;
        changed = true;
        if (interval <= TimeSpan.Zero)
        {
            DispatchDueActivities(now);
        }
    }

    private void DispatchDueActivities(DateTimeOffset now)
    {
        foreach (var activity in state.Activities.Values)
        {
            if (IsDue(activity, now) && dispatched.Add(DispatchOf(activity)))
            {
                effects.Add(new ActivityReady(DispatchOf(activity), activity.TaskQueue, LevelOf(activity)));
            }
        }
    }

    private static ActivityDispatch DispatchOf(ActivityState activity) => new(activity.ScheduledEventId, activity.Attempt, activity.Stamp);

    private int LevelOf(ActivityState activity) => Priorities.LevelOf(Priorities.Merge(state.Started.Priority, activity.Priority));

    private static bool IsDue(ActivityState activity, DateTimeOffset now) =>
        activity.StartedTime is null && activity.Pause is null && activity.ScheduledTime.ToDateTimeOffset() <= now;

    private void TimeOutActivity(ActivityState activity, TimeoutType type, DateTimeOffset now)
    {
        var failure = TimeoutFailure(activity, type);
        RetryState retry;
        if (type is TimeoutType.StartToClose or TimeoutType.Heartbeat)
        {
            retry = DecideRetry(activity, failure, now, out var interval);
            if (retry == RetryState.InProgress)
            {
                RetryActivity(activity, failure, interval, activity.Identity, now);
                return;
            }
            if (retry == RetryState.Timeout)
            {
                // No time for another attempt: told as what it is.
                failure = TimeoutFailure(activity, TimeoutType.ScheduleToClose, failure);
            }
        }
        else
        {
            retry = RetryState.Timeout;
        }
        if (type == TimeoutType.ScheduleToClose)
        {
            failure.Cause = activity.LastFailure;
        }
        var started = CloseActivity(activity, ActivityEvent.TimeOut, "", now);
        External(EventType.ActivityTaskTimedOut, now, e => e.ActivityTaskTimedOutEventAttributes = new()
        {
            Failure = failure,
            ScheduledEventId = activity.ScheduledEventId,
            StartedEventId = started,
            RetryState = retry,
        });
        EnsureWorkflowTask(now);
    }

    private static Failure TimeoutFailure(ActivityState activity, TimeoutType type, Failure? cause = null) => new()
    {
        Message = type switch
        {
            TimeoutType.ScheduleToClose => RetryTimeUp,
            _ => $"activity {type} timeout",
        },
        Source = "Server",
        Cause = cause,
        TimeoutFailureInfo = new()
        {
            TimeoutType = type,
            LastHeartbeatDetails = type == TimeoutType.Heartbeat ? activity.HeartbeatDetails : null,
        },
    };
}

/// <summary>An attempt as a worker gets it, but for what stands in the SCHEDULED event (header, input), which the shell adds.</summary>
public sealed record ActivityStart(TaskToken Token, ActivityState Activity);

/// <summary>What a worker is told in answer to a heartbeat.</summary>
public sealed record HeartbeatAnswer(bool CancelRequested, bool Paused, bool Reset);
