using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Durable.Server.Tests.Executions;

/// <summary>What holds for every history, whatever happened.</summary>
internal static class HistoryRules
{
    public static void Check(IReadOnlyList<HistoryEvent> history)
    {
        history[0].EventType.ShouldBe(EventType.WorkflowExecutionStarted);
        history.Count(static e => Closes(e.EventType)).ShouldBe(1);
        Closes(history[^1].EventType).ShouldBeTrue();
        HistoryEvent? task = null;
        var open = new HashSet<string>();
        for (var index = 0; index < history.Count; index++)
        {
            var e = history[index];
            e.EventId.ShouldBe(index + 1);
            e.EventTime.ShouldNotBeNull();
            switch (e.EventType)
            {
                case EventType.WorkflowTaskScheduled:
                    task.ShouldBeNull();
                    task = e;
                    break;
                case EventType.WorkflowTaskStarted:
                    task.ShouldNotBeNull().EventType.ShouldBe(EventType.WorkflowTaskScheduled);
                    e.WorkflowTaskStartedEventAttributes.ScheduledEventId.ShouldBe(task!.EventId);
                    task = e;
                    break;
                case EventType.WorkflowTaskCompleted:
                    e.WorkflowTaskCompletedEventAttributes.StartedEventId.ShouldBe(task.ShouldNotBeNull().EventId);
                    task = null;
                    break;
                case EventType.WorkflowTaskFailed:
                    e.WorkflowTaskFailedEventAttributes.StartedEventId.ShouldBe(task.ShouldNotBeNull().EventId);
                    task = null;
                    break;
                case EventType.WorkflowTaskTimedOut:
                    task.ShouldNotBeNull();
                    task = null;
                    break;
                default:
                    Pending(e, open, history);
                    break;
            }
        }
    }

    private static void Pending(HistoryEvent e, HashSet<string> open, IReadOnlyList<HistoryEvent> history)
    {
        switch (e.EventType)
        {
            case EventType.ActivityTaskScheduled:
                open.Add($"activity {e.EventId}");
                break;
            case EventType.ActivityTaskStarted:
                open.ShouldContain($"activity {e.ActivityTaskStartedEventAttributes.ScheduledEventId}");
                break;
            case EventType.ActivityTaskCompleted:
                var completed = e.ActivityTaskCompletedEventAttributes;
                ClosesActivity(completed.ScheduledEventId, completed.StartedEventId, open, history);
                break;
            case EventType.ActivityTaskFailed:
                var failed = e.ActivityTaskFailedEventAttributes;
                ClosesActivity(failed.ScheduledEventId, failed.StartedEventId, open, history);
                break;
            case EventType.ActivityTaskTimedOut:
                var timedOut = e.ActivityTaskTimedOutEventAttributes;
                ClosesActivity(timedOut.ScheduledEventId, timedOut.StartedEventId, open, history);
                break;
            case EventType.ActivityTaskCanceled:
                var canceled = e.ActivityTaskCanceledEventAttributes;
                ClosesActivity(canceled.ScheduledEventId, canceled.StartedEventId, open, history);
                break;
            case EventType.TimerStarted:
                open.Add($"timer {e.EventId}");
                break;
            case EventType.TimerFired:
                open.Remove($"timer {e.TimerFiredEventAttributes.StartedEventId}").ShouldBeTrue();
                break;
            case EventType.TimerCanceled:
                open.Remove($"timer {e.TimerCanceledEventAttributes.StartedEventId}").ShouldBeTrue();
                break;
            case EventType.StartChildWorkflowExecutionInitiated:
                open.Add($"child {e.EventId}");
                break;
            case EventType.ChildWorkflowExecutionStarted:
                open.ShouldContain($"child {e.ChildWorkflowExecutionStartedEventAttributes.InitiatedEventId}");
                break;
            case EventType.ChildWorkflowExecutionCompleted:
                var child = e.ChildWorkflowExecutionCompletedEventAttributes;
                open.Remove($"child {child.InitiatedEventId}").ShouldBeTrue();
                history[(int)child.StartedEventId - 1].EventType.ShouldBe(EventType.ChildWorkflowExecutionStarted);
                break;
            case EventType.WorkflowExecutionUpdateAccepted:
                open.Add($"update {e.EventId}").ShouldBeTrue();
                break;
            case EventType.WorkflowExecutionUpdateCompleted:
                open.Remove($"update {e.WorkflowExecutionUpdateCompletedEventAttributes.AcceptedEventId}").ShouldBeTrue();
                break;
        }
    }

    private static void ClosesActivity(long scheduledEventId, long startedEventId, HashSet<string> open, IReadOnlyList<HistoryEvent> history)
    {
        open.Remove($"activity {scheduledEventId}").ShouldBeTrue();
        if (startedEventId != 0)
        {
            history[(int)startedEventId - 1].ActivityTaskStartedEventAttributes.ShouldNotBeNull().ScheduledEventId.ShouldBe(scheduledEventId);
        }
    }

    private static bool Closes(EventType type) => type
        is EventType.WorkflowExecutionCompleted or EventType.WorkflowExecutionFailed or EventType.WorkflowExecutionCanceled
        or EventType.WorkflowExecutionTerminated or EventType.WorkflowExecutionTimedOut or EventType.WorkflowExecutionContinuedAsNew;
}
