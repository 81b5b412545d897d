using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Activity.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Durable.Server.Executions;

/// <summary>What an operator does to pending activities: pause, resume, begin again, change options. None of it is in the history.</summary>
public sealed partial class Execution
{
    /// <summary>The pending activities that are meant, by their scheduled events.</summary>
    /// <exception cref="Durable.Protocol.RpcFaultException">NOT_FOUND: there are none, or the run is closed.</exception>
    public IReadOnlyList<long> FindActivities(ActivitySelector selector)
    {
        RequireRunning();
        var found = state.Activities.Values
            .Where(activity => selector.All || (selector.Id.Length > 0 ? activity.ActivityId == selector.Id : activity.ActivityType == selector.Type))
            .Select(static activity => activity.ScheduledEventId)
            .Order()
            .ToArray();
        return found.Length > 0 ? found : throw Faults.NotFound("Can't find pending activity with such ID. Invalid activityID or activity already completed");
    }

    /// <summary>No worker gets them any more; those that a worker has are told with the next heartbeat.</summary>
    /// <exception cref="Durable.Protocol.RpcFaultException">FAILED_PRECONDITION: one is paused, by another request.</exception>
    public void PauseActivities(ActivitySelector selector, string identity, string reason, string requestId, DateTimeOffset now)
    {
        var activities = FindActivities(selector).Select(id => state.Activities[id]).ToArray();
        foreach (var activity in activities)
        {
            if (activity.Pause is { } pause && pause.RequestId != requestId)
            {
                throw Faults.FailedPrecondition("activity is already paused");
            }
        }
        foreach (var activity in activities.Where(static activity => activity.Pause is null))
        {
            Withdraw(activity);
            activity.Pause = new ActivityPause { Time = now.ToTimestamp(), Identity = identity, Reason = reason, RequestId = requestId };
            changed = true;
        }
    }

    /// <summary>Those that are paused go on, at once but for <paramref name="jitter"/>.</summary>
    public void UnpauseActivities(ActivitySelector selector, bool resetAttempts, bool resetHeartbeat, TimeSpan jitter, DateTimeOffset now)
    {
        foreach (var id in FindActivities(selector))
        {
            var activity = state.Activities[id];
            if (activity.Pause is null)
            {
                continue;
            }
            activity.Pause = null;
            changed = true;
            if (resetAttempts)
            {
                activity.Attempt = 1;
            }
            if (resetHeartbeat)
            {
                ForgetHeartbeat(activity);
            }
            if (activity.StartedTime is null)
            {
                ScheduleAgain(activity, now + jitter);
            }
        }
        DispatchDueActivities(now);
    }

    /// <summary>Their attempts count from one again. Those that wait go out at once but for <paramref name="jitter"/>.</summary>
    /// <param name="originals">The attributes of their scheduled events, when the options of those are wanted back.</param>
    public void ResetActivities(
        ActivitySelector selector,
        bool resetHeartbeat,
        bool keepPaused,
        TimeSpan jitter,
        IReadOnlyDictionary<long, ActivityTaskScheduledEventAttributes>? originals,
        DateTimeOffset now)
    {
        foreach (var id in FindActivities(selector))
        {
            var activity = state.Activities[id];
            Withdraw(activity);
            activity.Attempt = 1;
            activity.ResetRequested = true;
            activity.ResetHeartbeats |= resetHeartbeat;
            changed = true;
            if (originals is not null)
            {
                SetOptions(activity, OptionsOf(originals[id]));
            }
            if (!keepPaused)
            {
                activity.Pause = null;
            }
            if (activity.StartedTime is not null || activity.Pause is not null)
            {
                continue;
            }
            ScheduleAgain(activity, now + jitter);
        }
        DispatchDueActivities(now);
    }

    /// <summary>New options for what has not begun: time-outs and retries of a running attempt count by them too.</summary>
    /// <param name="merge">Gives the new options from the ones that an activity has.</param>
    /// <returns>The options of the last of them.</returns>
    public ActivityOptions UpdateActivityOptions(ActivitySelector selector, Func<long, ActivityOptions, ActivityOptions> merge, DateTimeOffset now)
    {
        var merged = new Dictionary<long, ActivityOptions>();
        foreach (var id in FindActivities(selector))
        {
            var options = merge(id, OptionsOf(state.Activities[id]).Clone());
            Complete(options, state.Activities[id]);
            merged.Add(id, options);
        }
        foreach (var (id, options) in merged)
        {
            var activity = state.Activities[id];
            Withdraw(activity);
            SetOptions(activity, options);
            changed = true;
            if (activity.StartedTime is null)
            {
                ScheduleAgain(activity, NextScheduledTime(activity));
            }
        }
        DispatchDueActivities(now);
        return merged.Values.Last();
    }

    /// <summary>Its entry in a queue is void from now on.</summary>
    private void Withdraw(ActivityState activity)
    {
        if (activity.StartedTime is null)
        {
            dispatched.Remove(DispatchOf(activity));
            activity.Stamp++;
        }
    }

    /// <summary>What was said of the attempt before it, and to its worker, is not for this turn.</summary>
    private void ScheduleAgain(ActivityState activity, DateTimeOffset at)
    {
        Withdraw(activity);
        activity.ScheduledTime = at.ToTimestamp();
        activity.LastFailure = null;
        activity.ResetRequested = false;
        if (activity.ResetHeartbeats)
        {
            ForgetHeartbeat(activity);
            activity.ResetHeartbeats = false;
        }
    }

    private static void ForgetHeartbeat(ActivityState activity)
    {
        activity.HeartbeatDetails = null;
        activity.LastHeartbeatTime = null;
    }

    private static DateTimeOffset NextScheduledTime(ActivityState activity) =>
        activity.Attempt > 1 && activity.LastAttemptCompleteTime is { } ended
            ? ended.ToDateTimeOffset() + Retries.Interval(activity.RetryPolicy, activity.Attempt - 1, null)
            : activity.ScheduledTime.ToDateTimeOffset();

    private static void SetOptions(ActivityState activity, ActivityOptions options)
    {
        activity.TaskQueue = options.TaskQueue.Name;
        activity.ScheduleToCloseTimeout = options.ScheduleToCloseTimeout;
        activity.ScheduleToStartTimeout = options.ScheduleToStartTimeout;
        activity.StartToCloseTimeout = options.StartToCloseTimeout;
        activity.HeartbeatTimeout = options.HeartbeatTimeout;
        activity.RetryPolicy = options.RetryPolicy;
        activity.Priority = options.Priority;
    }

    public static ActivityOptions OptionsOf(ActivityTaskScheduledEventAttributes scheduled) => new()
    {
        TaskQueue = new() { Name = scheduled.TaskQueue.Name },
        ScheduleToCloseTimeout = scheduled.ScheduleToCloseTimeout,
        ScheduleToStartTimeout = scheduled.ScheduleToStartTimeout,
        StartToCloseTimeout = scheduled.StartToCloseTimeout,
        HeartbeatTimeout = scheduled.HeartbeatTimeout,
        RetryPolicy = scheduled.RetryPolicy,
        Priority = scheduled.Priority,
    };

    /// <summary>The same derivation and the same words as when it was scheduled.</summary>
    private static void Complete(ActivityOptions options, ActivityState activity)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadScheduleActivityAttributes;
        var about = $"ActivityId={activity.ActivityId} ActivityType={activity.ActivityType}";
        try
        {
            Require(options.TaskQueue?.Name.Length > 0, Bad, "missing task queue name");
            if (Retries.Check(options.RetryPolicy) is { } wrong)
            {
                throw new CommandFailure(Bad, wrong);
            }
            var timeouts = ActivityTimeouts.Derive(
                options.ScheduleToCloseTimeout, options.ScheduleToStartTimeout, options.StartToCloseTimeout, options.HeartbeatTimeout, TimeSpan.Zero, about);
            options.ScheduleToCloseTimeout = timeouts.ScheduleToClose.ToDuration();
            options.ScheduleToStartTimeout = timeouts.ScheduleToStart.ToDuration();
            options.StartToCloseTimeout = timeouts.StartToClose.ToDuration();
            options.HeartbeatTimeout = timeouts.Heartbeat.ToDuration();
            options.RetryPolicy = Retries.Complete(options.RetryPolicy);
        }
        catch (CommandFailure refused)
        {
            throw Faults.InvalidArgument(refused.Message);
        }
    }
}

/// <summary>Which pending activities of a run: one by its id, all of a type, or all.</summary>
public sealed record ActivitySelector(string Id, string Type, bool All);
