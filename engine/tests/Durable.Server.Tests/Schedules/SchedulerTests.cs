using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Schedules;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Schedules;

public class SchedulerTests
{
    [Fact]
    public void DueTime_StartsAWorkflow_NamedAfterIt()
    {
        var schedule = new ScheduleDriver();
        schedule.Minutes(1);
        var start = schedule.Starts.ShouldHaveSingleItem();
        start.WorkflowId.ShouldBe("workflow-2026-01-01T00:01:00Z");
        start.Identity.ShouldBe("temporal-scheduler-default-schedule");
        start.SearchAttributes.IndexedFields["TemporalScheduledById"].Data.ToStringUtf8().ShouldBe("\"schedule\"");
        start.SearchAttributes.IndexedFields["TemporalScheduledStartTime"].Data.ToStringUtf8().ShouldBe("\"2026-01-01T00:01:00Z\"");
        var info = schedule.Info;
        info.ActionCount.ShouldBe(1);
        info.RunningWorkflows.ShouldHaveSingleItem().RunId.ShouldBe("run-1");
        info.RecentActions.ShouldHaveSingleItem().ScheduleTime.ToDateTime().ShouldBe(new DateTime(2026, 1, 1, 0, 1, 0, DateTimeKind.Utc));
    }

    [Fact]
    public void KeepOriginalWorkflowId_AddsNothing()
    {
        var schedule = new ScheduleDriver(configure: static request => request.Schedule.Policies.KeepOriginalWorkflowId = true);
        schedule.Minutes(1);
        schedule.Starts.ShouldHaveSingleItem().WorkflowId.ShouldBe("workflow");
    }

    // policy; minutes that pass while the first workflow runs; starts by then; skipped; buffered; ends asked for; starts after the first has closed
    [Theory]
    [InlineData(ScheduleOverlapPolicy.Unspecified, 4, 1, 3, 0, 0, 1)]
    [InlineData(ScheduleOverlapPolicy.Skip, 4, 1, 3, 0, 0, 1)]
    [InlineData(ScheduleOverlapPolicy.BufferOne, 4, 1, 2, 1, 0, 2)]
    [InlineData(ScheduleOverlapPolicy.BufferAll, 4, 1, 0, 3, 0, 2)]
    [InlineData(ScheduleOverlapPolicy.CancelOther, 4, 1, 2, 1, 1, 2)]
    [InlineData(ScheduleOverlapPolicy.TerminateOther, 4, 1, 2, 1, 1, 2)]
    [InlineData(ScheduleOverlapPolicy.AllowAll, 4, 4, 0, 0, 0, 4)]
    public void Overlap_FollowsThePolicy(ScheduleOverlapPolicy policy, int minutes, int starts, int skipped, int buffered, int ends, int startsAfter)
    {
        var schedule = new ScheduleDriver(policy);
        schedule.Minutes(minutes);
        schedule.Starts.Count.ShouldBe(starts);
        schedule.Info.OverlapSkipped.ShouldBe(skipped);
        schedule.Info.BufferSize.ShouldBe(buffered);
        schedule.Ends.Count.ShouldBe(ends);
        schedule.Ends.ShouldAllBe(end => end.RunId == "run-1" && end.Terminated == (policy == ScheduleOverlapPolicy.TerminateOther));
        schedule.Close("run-1");
        schedule.Starts.Count.ShouldBe(startsAfter);
    }

    [Fact]
    public void CancelOther_TheLatestTakesThePlace()
    {
        var schedule = new ScheduleDriver(ScheduleOverlapPolicy.CancelOther);
        schedule.Minutes(3);
        schedule.Close("run-1");
        schedule.Starts[^1].WorkflowId.ShouldBe("workflow-2026-01-01T00:03:00Z");
    }

    [Fact]
    public void TriggeredTermination_FollowsACancelThatWasNotObeyed()
    {
        var schedule = new ScheduleDriver(ScheduleOverlapPolicy.CancelOther);
        schedule.Minutes(2);
        schedule.Trigger(ScheduleOverlapPolicy.TerminateOther);
        schedule.Ends.ShouldBe([("run-1", false), ("run-1", true)]);
    }

    [Fact]
    public void Pause_StopsTimes_NotTriggers_AndIsNotCaughtUp()
    {
        var schedule = new ScheduleDriver();
        schedule.Patch(new SchedulePatch { Pause = "resting" });
        schedule.Minutes(3);
        schedule.Starts.ShouldBeEmpty();
        schedule.Info.FutureActionTimes.Count.ShouldBe(10);
        schedule.Trigger(ScheduleOverlapPolicy.AllowAll);
        schedule.Starts.Count.ShouldBe(1);
        schedule.Patch(new SchedulePatch { Unpause = "going on" });
        schedule.Starts.Count.ShouldBe(1);
        schedule.Minutes(1);
        schedule.Starts.Count.ShouldBe(2);
        (schedule.Schedule.State.Paused, schedule.Schedule.State.Notes).ShouldBe((false, "going on"));
    }

    [Fact]
    public void ConflictToken_GrowsWithChanges_NotWithTriggers()
    {
        var schedule = new ScheduleDriver();
        Token(schedule).ShouldBe(1);
        schedule.Trigger();
        Token(schedule).ShouldBe(1);
        schedule.Patch(new SchedulePatch { Pause = "p" });
        Token(schedule).ShouldBe(2);
        var stale = schedule.Scheduler.ConflictToken;
        schedule.Patch(new SchedulePatch { Unpause = "u" });
        Token(schedule).ShouldBe(3);
        Should.Throw<RpcFaultException>(() => schedule.Do((scheduler, now) => scheduler.Update(new UpdateScheduleRequest { Schedule = schedule.Schedule, ConflictToken = stale }, now)))
            .Code.ShouldBe(RpcStatusCode.FailedPrecondition);
        schedule.Do((scheduler, now) => scheduler.Update(new UpdateScheduleRequest { Schedule = schedule.Schedule, ConflictToken = scheduler.ConflictToken }, now));
        Token(schedule).ShouldBe(4);
    }

    [Fact]
    public void Update_ReplacesTheSpec_KeepsWhatWasCounted()
    {
        var schedule = new ScheduleDriver(ScheduleOverlapPolicy.AllowAll);
        schedule.Minutes(2);
        var changed = schedule.Schedule;
        changed.Spec.Interval[0].Interval = TimeSpan.FromHours(1).ToDuration();
        schedule.Do((scheduler, now) => scheduler.Update(new UpdateScheduleRequest { Schedule = changed }, now));
        schedule.Minutes(10);
        schedule.Info.ActionCount.ShouldBe(2);
        schedule.Info.UpdateTime.ShouldNotBeNull();
        schedule.Info.FutureActionTimes[0].ToDateTime().ShouldBe(new DateTime(2026, 1, 1, 1, 0, 0, DateTimeKind.Utc));
    }

    [Fact]
    public void LimitedActions_AreCountedDown_TriggersAreFree()
    {
        var schedule = new ScheduleDriver(ScheduleOverlapPolicy.AllowAll, static request => request.Schedule.State = new() { LimitedActions = true, RemainingActions = 2 });
        schedule.Info.FutureActionTimes.Count.ShouldBe(2);
        schedule.Trigger();
        schedule.Schedule.State.RemainingActions.ShouldBe(2);
        schedule.Minutes(5);
        schedule.Starts.Count.ShouldBe(3);
        schedule.Schedule.State.RemainingActions.ShouldBe(0);
        schedule.Info.FutureActionTimes.ShouldBeEmpty();
        schedule.Trigger();
        schedule.Starts.Count.ShouldBe(4);
    }

    [Fact]
    public void TimesMissedInADowntime_AreCaughtUp_WithinTheWindow()
    {
        var schedule = new ScheduleDriver(
            ScheduleOverlapPolicy.AllowAll, static request => request.Schedule.Policies.CatchupWindow = TimeSpan.FromMinutes(3).ToDuration());
        schedule.Skip(TimeSpan.FromMinutes(10));
        schedule.Starts.Select(static start => start.WorkflowId).ShouldBe(
            ["workflow-2026-01-01T00:08:00Z", "workflow-2026-01-01T00:09:00Z", "workflow-2026-01-01T00:10:00Z"]);
        schedule.Info.MissedCatchupWindow.ShouldBe(7);
    }

    [Fact]
    public void Backfill_TakesTheTimesOfTheRange_BothEndsIncluded()
    {
        var schedule = new ScheduleDriver();
        schedule.Patch(new SchedulePatch
        {
            BackfillRequest =
            {
                new BackfillRequest
                {
                    StartTime = new DateTimeOffset(2025, 12, 31, 10, 0, 0, TimeSpan.Zero).ToTimestamp(),
                    EndTime = new DateTimeOffset(2025, 12, 31, 10, 2, 0, TimeSpan.Zero).ToTimestamp(),
                    OverlapPolicy = ScheduleOverlapPolicy.AllowAll,
                },
            },
        });
        schedule.Starts.Select(static start => start.WorkflowId).ShouldBe(
            ["workflow-2025-12-31T10:00:00Z", "workflow-2025-12-31T10:01:00Z", "workflow-2025-12-31T10:02:00Z"]);
    }

    [Fact]
    public void LongBackfill_OneAfterTheOther_NeverOverflowsTheBuffer()
    {
        var schedule = new ScheduleDriver();
        schedule.Patch(new SchedulePatch
        {
            BackfillRequest =
            {
                new BackfillRequest
                {
                    StartTime = new DateTimeOffset(2025, 12, 1, 0, 0, 0, TimeSpan.Zero).ToTimestamp(),
                    EndTime = new DateTimeOffset(2025, 12, 1, 23, 59, 0, TimeSpan.Zero).ToTimestamp(),
                    OverlapPolicy = ScheduleOverlapPolicy.BufferAll,
                },
            },
        });
        for (var run = 1; run <= 1440; run++)
        {
            schedule.Starts.Count.ShouldBe(run);
            schedule.Close($"run-{run}");
        }
        schedule.Starts.Count.ShouldBe(1440);
        schedule.Info.BufferDropped.ShouldBe(0);
    }

    [Fact]
    public void PauseOnFailure_PausesWithTheReason()
    {
        var schedule = new ScheduleDriver(configure: static request => request.Schedule.Policies.PauseOnFailure = true);
        schedule.Minutes(1);
        schedule.Close("run-1", ScheduleDriver.Failed("boom"));
        schedule.Schedule.State.Paused.ShouldBeTrue();
        schedule.Schedule.State.Notes.ShouldBe("paused due to workflow failure: workflow-2026-01-01T00:01:00Z: boom");
        schedule.Minutes(3);
        schedule.Starts.Count.ShouldBe(1);
    }

    [Fact]
    public void PauseOnFailure_LeavesACancelledOneAlone()
    {
        var schedule = new ScheduleDriver(configure: static request => request.Schedule.Policies.PauseOnFailure = true);
        schedule.Minutes(1);
        schedule.Close("run-1", new HistoryEvent { EventType = EventType.WorkflowExecutionCanceled, WorkflowExecutionCanceledEventAttributes = new() });
        schedule.Schedule.State.Paused.ShouldBeFalse();
        schedule.Info.RecentActions[0].StartWorkflowStatus.ShouldBe(WorkflowExecutionStatus.Canceled);
    }

    [Fact]
    public void NextAction_IsToldOfTheLastResultAndFailure()
    {
        var schedule = new ScheduleDriver();
        schedule.Minutes(1);
        var result = new Payloads { Payloads_ = { new Payload { Data = ByteString.CopyFromUtf8("41") } } };
        schedule.Close("run-1", new HistoryEvent
        {
            EventType = EventType.WorkflowExecutionCompleted,
            WorkflowExecutionCompletedEventAttributes = new() { Result = result },
        });
        schedule.Minutes(1);
        schedule.Starts[^1].LastCompletionResult.ShouldBe(result);
        schedule.Close("run-2", ScheduleDriver.Failed("boom"));
        schedule.Minutes(1);
        schedule.Starts[^1].LastCompletionResult.ShouldBe(result);
        schedule.Starts[^1].ContinuedFailure.Message.ShouldBe("boom");
    }

    [Fact]
    public void RepeatedRequest_ChangesNothing()
    {
        var schedule = new ScheduleDriver();
        var trigger = new SchedulePatch { TriggerImmediately = new() { OverlapPolicy = ScheduleOverlapPolicy.AllowAll } };
        schedule.Patch(trigger, "request");
        schedule.Patch(trigger, "request");
        schedule.Starts.Count.ShouldBe(1);
    }

    [Fact]
    public void RefusedStart_IsDropped_AndTheScheduleGoesOn()
    {
        var schedule = new ScheduleDriver { RefuseStarts = true };
        schedule.Minutes(1);
        schedule.Info.ActionCount.ShouldBe(0);
        schedule.RefuseStarts = false;
        schedule.Minutes(1);
        schedule.Starts.Count.ShouldBe(1);
    }

    [Fact]
    public void StartThatWasNotReported_IsRepeated_UnderTheSameRequestId()
    {
        var schedule = new ScheduleDriver(ScheduleOverlapPolicy.AllowAll);
        var now = schedule.Now.AddMinutes(1);
        schedule.Scheduler.Advance(now);
        var step = schedule.Scheduler.NextStep.ShouldBeOfType<StartStep>();
        var after = Scheduler.Restore(schedule.Scheduler.ToState(), RunContext.Default);
        after.NextDueAt!.Value.ShouldBeLessThan(now);
        after.NextStep.ShouldBeOfType<StartStep>().Request.ShouldBe(step.Request);
    }

    // Aim: no row of the action's machine is there for nothing, and a schedule never has two that wait for each other. Method: seeded lives.
    [Fact]
    public void Rows_InSeededSchedules_AreAllTaken()
    {
        ScheduleMachine.Action.Counting = true;
        for (var seed = 1; seed <= 40; seed++)
        {
            Play(new Random(seed));
        }
        ScheduleMachine.Action.Counting = false;
        var taken = ScheduleMachine.Action.Taken.ToHashSet();
        ScheduleMachine.Action.Rows.Select(static row => (row.From, row.Event)).Where(row => !taken.Contains(row)).ShouldBeEmpty();
    }

    private static void Play(Random random)
    {
        var schedule = new ScheduleDriver((ScheduleOverlapPolicy)random.Next(0, 7));
        for (var step = 0; step < 60; step++)
        {
            schedule.RefuseStarts = random.Next(10) == 0;
            switch (random.Next(4))
            {
                case 0:
                    schedule.Trigger((ScheduleOverlapPolicy)random.Next(0, 7));
                    break;
                case 1 when schedule.Info.RunningWorkflows is [var running, ..]:
                    schedule.Close(running.RunId, random.Next(2) == 0 ? ScheduleDriver.Failed("x") : null);
                    break;
                default:
                    schedule.Minutes(random.Next(1, 3));
                    break;
            }
            schedule.Info.RunningWorkflows.Count.ShouldBeLessThanOrEqualTo(1);
        }
    }

    private static long Token(ScheduleDriver schedule) =>
        System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(schedule.Scheduler.ConflictToken.Span);
}
