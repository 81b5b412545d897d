using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Schedules;

/// <summary>What is due, and which of it is started, waits or is dropped.</summary>
internal sealed partial class Scheduler
{
    // So that one commit stays small when years are caught up or filled in; the rest follows in the next.
    private const int TimesAtOnce = 500;

    private const int LongestBuffer = 1000;

    /// <summary>Takes up everything that is due at <paramref name="now"/>.</summary>
    public void Advance(DateTimeOffset now)
    {
        BufferDueTimes(now);
        BufferBackfills();
        ProcessBuffer();
    }

    private void BufferDueTimes(DateTimeOffset now)
    {
        if (!MayAct(manual: false))
        {
            // A time that passes while the schedule rests is over.
            return;
        }
        var catchup = state.Schedule.Policies.CatchupWindow.ToTimeSpan();
        catchup = catchup > ShortestCatchupWindow ? catchup : ShortestCatchupWindow;
        for (var i = 0; i < TimesAtOnce && times.Next(state.HandledUntil.ToDateTimeOffset()) is { } next && next.Due <= now; i++)
        {
            state.HandledUntil = next.Nominal.ToTimestamp();
            if (now - next.Due > catchup)
            {
                state.MissedCatchupWindow++;
            }
            else
            {
                Buffer(next.Nominal, next.Due, ScheduleOverlapPolicy.Unspecified, manual: false);
            }
        }
    }

    // A backfill waits while the buffer is half full, so that it does not push out what is due now.
    private bool CanBackfill => state.Backfills.Count > 0 && state.Buffered.Count < LongestBuffer / 2;

    private void BufferBackfills()
    {
        for (var i = 0; i < TimesAtOnce && CanBackfill; i++)
        {
            var backfill = state.Backfills[0];
            if (times.Next(backfill.HandledUntil.ToDateTimeOffset()) is { } next && next.Due <= backfill.EndTime.ToDateTimeOffset())
            {
                backfill.HandledUntil = next.Nominal.ToTimestamp();
                Buffer(next.Nominal, next.Due, backfill.OverlapPolicy, manual: true);
            }
            else
            {
                state.Backfills.RemoveAt(0);
            }
        }
    }

    private void Buffer(DateTimeOffset nominal, DateTimeOffset due, ScheduleOverlapPolicy policy, bool manual)
    {
        if (state.Buffered.Count >= LongestBuffer)
        {
            state.BufferDropped++;
            return;
        }
        ScheduleMachine.Action.Next(ActionPhase.None, ActionEvent.Buffer);
        state.Buffered.Add(new DueAction
        {
            NominalTime = nominal.ToTimestamp(),
            DueTime = due.ToTimestamp(),
            OverlapPolicy = policy == ScheduleOverlapPolicy.Unspecified ? state.Schedule.Policies.OverlapPolicy : policy,
            Manual = manual,
            RequestId = context.Ids.NewUuid(),
        });
    }

    /// <summary>Each buffered action is started, kept or dropped, by its overlap policy and what runs.</summary>
    private void ProcessBuffer()
    {
        var waiting = state.Buffered.ToArray();
        state.Buffered.Clear();
        foreach (var action in waiting)
        {
            if (action.OverlapPolicy == ScheduleOverlapPolicy.AllowAll || !IsBusy)
            {
                Start(action);
                continue;
            }
            switch (action.OverlapPolicy)
            {
                case ScheduleOverlapPolicy.BufferOne when state.Buffered.Count == 0:
                case ScheduleOverlapPolicy.BufferAll:
                    state.Buffered.Add(action);
                    break;
                case ScheduleOverlapPolicy.CancelOther:
                case ScheduleOverlapPolicy.TerminateOther:
                    // The latest takes the place of any that waits.
                    foreach (var replaced in state.Buffered)
                    {
                        Skip(replaced);
                    }
                    state.Buffered.Clear();
                    state.Buffered.Add(action);
                    WantEnd(action.OverlapPolicy == ScheduleOverlapPolicy.TerminateOther);
                    break;
                default:
                    Skip(action);
                    break;
            }
        }
    }

    private bool IsBusy
    {
        get
        {
            if (state.Running.Count > 0)
            {
                return true;
            }
            foreach (var starting in state.Starting)
            {
                if (starting.OverlapPolicy != ScheduleOverlapPolicy.AllowAll)
                {
                    return true;
                }
            }
            return false;
        }
    }

    private void Start(DueAction action)
    {
        if (!MayAct(action.Manual))
        {
            ScheduleMachine.Action.Next(ActionPhase.Buffered, ActionEvent.Skip);
            return;
        }
        if (!action.Manual && state.Schedule.State.LimitedActions)
        {
            state.Schedule.State.RemainingActions--;
            // A client may be about to write back the number that it read.
            state.ConflictToken++;
        }
        ScheduleMachine.Action.Next(ActionPhase.Buffered, ActionEvent.Start);
        state.Starting.Add(action);
    }

    private void Skip(DueAction action)
    {
        ScheduleMachine.Action.Next(ActionPhase.Buffered, ActionEvent.Skip);
        state.OverlapSkipped++;
    }

    private void WantEnd(bool terminate)
    {
        foreach (var running in state.Running)
        {
            if (PhaseOf(running) == ActionPhase.Running)
            {
                ScheduleMachine.Action.Next(ActionPhase.Running, ActionEvent.RequestEnd);
            }
            running.EndDelivered &= !terminate || running.TerminateWanted;
            running.CancelWanted = true;
            running.TerminateWanted |= terminate;
        }
    }
}
