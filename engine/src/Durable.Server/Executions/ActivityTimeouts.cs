using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Executions;

/// <summary>The four time-outs of an activity, each derived from the others where it was not given; zero: without limit.</summary>
internal readonly record struct ActivityTimeouts(TimeSpan ScheduleToClose, TimeSpan ScheduleToStart, TimeSpan StartToClose, TimeSpan Heartbeat)
{
    /// <param name="run">The run's own time-out, which none exceeds; zero: it has none.</param>
    /// <param name="about">Which activity, for messages.</param>
    /// <exception cref="CommandFailure">One is negative, or both that end an activity are missing.</exception>
    public static ActivityTimeouts Derive(Duration? scheduleToClose, Duration? scheduleToStart, Duration? startToCloseTimeout, Duration? heartbeatTimeout, TimeSpan run, string about)
    {
        var toClose = Span(scheduleToClose, "ScheduleToCloseTimeout");
        var toStart = Span(scheduleToStart, "ScheduleToStartTimeout");
        var startToClose = Span(startToCloseTimeout, "StartToCloseTimeout");
        var heartbeat = Span(heartbeatTimeout, "HeartbeatTimeout");
        if (toClose > TimeSpan.Zero)
        {
            startToClose = startToClose > TimeSpan.Zero ? Min(startToClose, toClose) : toClose;
            toStart = toStart > TimeSpan.Zero ? Min(toStart, toClose) : toClose;
        }
        else if (startToClose > TimeSpan.Zero)
        {
            toClose = run;
            toStart = toStart > TimeSpan.Zero ? toStart : run;
        }
        else
        {
            throw new CommandFailure(
                WorkflowTaskFailedCause.BadScheduleActivityAttributes, $"a valid StartToCloseTimeout or ScheduleToCloseTimeout must be set on the activity. {about}");
        }
        if (run > TimeSpan.Zero)
        {
            toClose = Min(toClose, run);
            toStart = Min(toStart, run);
            startToClose = Min(startToClose, run);
            heartbeat = Min(heartbeat, run);
        }
        return new ActivityTimeouts(toClose, toStart, startToClose, Min(heartbeat, startToClose));
    }

    private static TimeSpan Span(Duration? duration, string field)
    {
        if (Durations.CheckAndCap(duration) is { } wrong)
        {
            throw new CommandFailure(WorkflowTaskFailedCause.BadScheduleActivityAttributes, $"invalid {field}: {wrong}");
        }
        return duration?.ToTimeSpan() ?? TimeSpan.Zero;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
