using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Schedule.V1;
using Temporalio.Worker.Internal.Language;
using Proto = Temporalio.Api.Schedule.V1;

namespace Temporalio.Client.Schedules;

/// <summary>Schedules as protocol messages, and back.</summary>
internal static class ScheduleProtos
{
    public static Proto.ScheduleSpec Spec(ScheduleSpec spec) => new()
    {
        StructuredCalendar = { spec.Calendars.Select(Calendar) },
        Interval = { spec.Intervals.Select(static interval => new IntervalSpec { Interval = Duration.FromTimeSpan(interval.Every), Phase = Protos.Duration(interval.Offset) }) },
        CronString = { spec.CronExpressions },
        ExcludeStructuredCalendar = { spec.Skip.Select(Calendar) },
        StartTime = spec.StartAt?.ToTimestamp(),
        EndTime = spec.EndAt?.ToTimestamp(),
        Jitter = Protos.Duration(spec.Jitter),
        TimezoneName = spec.TimeZoneName ?? string.Empty,
    };

    public static ScheduleSpec Spec(Proto.ScheduleSpec spec) => new()
    {
        Calendars = [.. spec.StructuredCalendar.Select(Calendar)],
        Intervals = [.. spec.Interval.Select(static interval => new ScheduleIntervalSpec(interval.Interval.ToTimeSpan(), Protos.Span(interval.Phase)))],
        CronExpressions = [.. spec.CronString],
        Skip = [.. spec.ExcludeStructuredCalendar.Select(Calendar)],
        StartAt = spec.StartTime?.ToDateTime(),
        EndAt = spec.EndTime?.ToDateTime(),
        Jitter = Protos.Span(spec.Jitter),
        TimeZoneName = Text(spec.TimezoneName),
    };

    public static SchedulePolicies Policy(SchedulePolicy policy) => new()
    {
        OverlapPolicy = policy.Overlap,
        CatchupWindow = Duration.FromTimeSpan(policy.CatchupWindow),
        PauseOnFailure = policy.PauseOnFailure,
    };

    public static SchedulePolicy Policy(SchedulePolicies? policy) => policy is null ? new() : new()
    {
        Overlap = policy.OverlapPolicy,
        CatchupWindow = policy.CatchupWindow?.ToTimeSpan() ?? new SchedulePolicy().CatchupWindow,
        PauseOnFailure = policy.PauseOnFailure,
    };

    public static Proto.ScheduleState State(ScheduleState state) => new()
    {
        Notes = state.Note ?? string.Empty,
        Paused = state.Paused,
        LimitedActions = state.LimitedActions,
        RemainingActions = state.RemainingActions,
    };

    public static ScheduleState State(Proto.ScheduleState? state) => state is null ? new() : new()
    {
        Note = Text(state.Notes),
        Paused = state.Paused,
        LimitedActions = state.LimitedActions,
        RemainingActions = state.RemainingActions,
    };

    public static ScheduleInfo Info(Proto.ScheduleInfo info) => new(
        info.ActionCount,
        info.MissedCatchupWindow,
        info.OverlapSkipped,
        [.. info.RunningWorkflows.Select(Execution)],
        Results(info.RecentActions),
        Times(info.FutureActionTimes),
        info.CreateTime?.ToDateTime() ?? default,
        info.UpdateTime?.ToDateTime());

    public static ScheduleListSchedule ListSchedule(Proto.ScheduleListInfo info) => new(
        new ScheduleListActionStartWorkflow(info.WorkflowType?.Name ?? string.Empty),
        info.Spec is null ? new() : Spec(info.Spec),
        new(Text(info.Notes), info.Paused));

    public static IReadOnlyCollection<ScheduleActionResult> Results(IEnumerable<Proto.ScheduleActionResult> results) =>
        [.. results.Select(static result => new ScheduleActionResult(
            result.ScheduleTime.ToDateTime(), result.ActualTime.ToDateTime(), Execution(result.StartWorkflowResult)))];

    public static IReadOnlyCollection<DateTime> Times(IEnumerable<Timestamp> times) => [.. times.Select(static time => time.ToDateTime())];

    public static BackfillRequest Backfill(ScheduleBackfill backfill) => new()
    {
        StartTime = backfill.StartAt.ToTimestamp(),
        EndTime = backfill.EndAt.ToTimestamp(),
        OverlapPolicy = backfill.Overlap,
    };

    private static ScheduleActionExecution Execution(Api.Common.V1.WorkflowExecution execution) =>
        new ScheduleActionExecutionStartWorkflow(execution.WorkflowId, execution.RunId);

    private static StructuredCalendarSpec Calendar(ScheduleCalendarSpec calendar) => new()
    {
        Second = { Ranges(calendar.Second) },
        Minute = { Ranges(calendar.Minute) },
        Hour = { Ranges(calendar.Hour) },
        DayOfMonth = { Ranges(calendar.DayOfMonth) },
        Month = { Ranges(calendar.Month) },
        Year = { Ranges(calendar.Year) },
        DayOfWeek = { Ranges(calendar.DayOfWeek) },
        Comment = calendar.Comment ?? string.Empty,
    };

    private static ScheduleCalendarSpec Calendar(StructuredCalendarSpec calendar) => new()
    {
        Second = Ranges(calendar.Second),
        Minute = Ranges(calendar.Minute),
        Hour = Ranges(calendar.Hour),
        DayOfMonth = Ranges(calendar.DayOfMonth),
        Month = Ranges(calendar.Month),
        Year = Ranges(calendar.Year),
        DayOfWeek = Ranges(calendar.DayOfWeek),
        Comment = Text(calendar.Comment),
    };

    private static IEnumerable<Proto.Range> Ranges(IEnumerable<ScheduleRange> ranges) =>
        ranges.Select(static range => new Proto.Range { Start = range.Start, End = range.End, Step = range.Step });

    private static IReadOnlyCollection<ScheduleRange> Ranges(IEnumerable<Proto.Range> ranges) =>
        [.. ranges.Select(static range => new ScheduleRange(range.Start, range.End, range.Step))];

    private static string? Text(string text) => text.Length == 0 ? null : text;
}
