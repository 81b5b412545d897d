using Durable.Server.Executions;
using Durable.Server.Storage;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Schedules;

/// <summary>What clients are shown.</summary>
internal sealed partial class Scheduler
{
    private const int UpcomingInDescription = 10;
    private const int UpcomingInList = 5;
    private const int MatchingTimes = 1000;

    public DescribeScheduleResponse Describe(DateTimeOffset now)
    {
        var info = new ScheduleInfo
        {
            ActionCount = state.ActionCount,
            MissedCatchupWindow = state.MissedCatchupWindow,
            OverlapSkipped = state.OverlapSkipped,
            BufferDropped = state.BufferDropped,
            BufferSize = state.Buffered.Count,
            CreateTime = state.CreateTime,
            UpdateTime = state.UpdateTime,
            RunningWorkflows = { Running },
            RecentActions = { state.RecentActions },
            FutureActionTimes = { Upcoming(now, UpcomingInDescription) },
        };
        return new DescribeScheduleResponse
        {
            Schedule = state.Schedule,
            Info = info,
            Memo = state.Memo.Fields.Count > 0 ? state.Memo : null,
            SearchAttributes = Shown(state.SearchAttributes),
            ConflictToken = ConflictToken,
        }.Clone();
    }

    public ScheduleListEntry ListEntry(DateTimeOffset now)
    {
        var schedule = state.Schedule;
        return new ScheduleListEntry
        {
            ScheduleId = state.ScheduleId,
            Memo = state.Memo,
            SearchAttributes = Shown(state.SearchAttributes),
            Info = new ScheduleListInfo
            {
                Spec = schedule.Spec,
                WorkflowType = schedule.Action.StartWorkflow.WorkflowType,
                Notes = schedule.State.Notes,
                Paused = schedule.State.Paused,
                RecentActions = { state.RecentActions.Skip(state.RecentActions.Count - UpcomingInList) },
                FutureActionTimes = { Upcoming(now, UpcomingInList) },
            },
        }.Clone();
    }

    /// <summary>What queries of a list can ask about.</summary>
    public VisibilityRow ToVisibilityRow()
    {
        var attributes = state.SearchAttributes?.Clone() ?? new SearchAttributes();
        attributes.IndexedFields[ScheduleAttributes.Id] = ServerPayloads.SearchAttribute(state.ScheduleId, IndexedValueType.Keyword);
        attributes.IndexedFields[ScheduleAttributes.Paused] = ServerPayloads.SearchAttribute(state.Schedule.State.Paused, IndexedValueType.Bool);
        var created = state.CreateTime.ToDateTimeOffset();
        return new VisibilityRow
        {
            Key = new RunKey(state.Namespace, state.ScheduleId, ""),
            WorkflowType = state.Schedule.Action.StartWorkflow.WorkflowType.Name,
            TaskQueue = "",
            Status = WorkflowExecutionStatus.Running,
            StartTime = created,
            ExecutionTime = created,
            SearchAttributes = attributes,
        };
    }

    /// <summary>Times after <paramref name="start"/>, up to and with <paramref name="end"/>, a thousand at most.</summary>
    public IEnumerable<Timestamp> Matching(DateTimeOffset start, DateTimeOffset end) =>
        times.Upcoming(start, MatchingTimes).TakeWhile(time => time <= end).Select(static time => time.ToTimestamp());

    private static SearchAttributes? Shown(SearchAttributes? attributes) => attributes is { IndexedFields.Count: > 0 } ? attributes : null;

    private IEnumerable<Timestamp> Upcoming(DateTimeOffset now, int maximum)
    {
        var remaining = state.Schedule.State is { LimitedActions: true } limited ? Math.Min(limited.RemainingActions, maximum) : maximum;
        // A time whose jitter has not passed yet is still to come.
        var handled = state.HandledUntil.ToDateTimeOffset();
        var jitter = state.Schedule.Spec.Jitter?.ToTimeSpan() ?? TimeSpan.Zero;
        var after = now - jitter > handled ? now - jitter : handled;
        return times.Upcoming(after, maximum + (jitter > TimeSpan.Zero ? MatchingTimes : 0))
            .Where(time => time > now).Take((int)Math.Max(remaining, 0)).Select(static time => time.ToTimestamp());
    }
}

/// <summary>Names that only queries on schedules know.</summary>
internal static class ScheduleAttributes
{
    public const string Id = "ScheduleId";
    public const string Paused = "TemporalSchedulePaused";
}
