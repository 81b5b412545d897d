using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Worker.Internal.Core;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Worker;

/// <summary>What no recorded history has: mostly cancellations that meet the end of what they cancel.</summary>
internal static class MachineScenarios
{
    private static readonly EventType[] ActivityEnds = [EventType.ActivityTaskCompleted, EventType.ActivityTaskFailed, EventType.ActivityTaskTimedOut];

    private static readonly EventType[] ChildEnds =
    [
        EventType.StartChildWorkflowExecutionFailed, EventType.ChildWorkflowExecutionCompleted, EventType.ChildWorkflowExecutionFailed,
        EventType.ChildWorkflowExecutionTimedOut, EventType.ChildWorkflowExecutionTerminated,
    ];

    public static void RunAll()
    {
        Activities();
        Children();
        Signals();
        LocalActivities();
        Updates();
    }

    private static void Activities()
    {
        foreach (var type in (ActivityCancellationType[])[ActivityCancellationType.TryCancel, ActivityCancellationType.Abandon])
        {
            Activity(type, []).Cancel();
            Activity(type, [EventType.ActivityTaskScheduled, EventType.ActivityTaskStarted]).Cancel();
        }
        foreach (var end in ActivityEnds)
        {
            var abandoned = Activity(ActivityCancellationType.Abandon, [EventType.ActivityTaskScheduled]);
            abandoned.Cancel();
            abandoned.OnEvent(Event(EventType.ActivityTaskStarted));
            abandoned.OnEvent(Event(end));
        }
        foreach (var end in (EventType[])[EventType.ActivityTaskTimedOut, EventType.ActivityTaskCanceled])
        {
            var scheduled = Activity(ActivityCancellationType.WaitCancellationCompleted, [EventType.ActivityTaskScheduled]);
            RequestCancel(scheduled);
            scheduled.OnEvent(Event(end));
        }
        var started = Activity(ActivityCancellationType.WaitCancellationCompleted, [EventType.ActivityTaskScheduled, EventType.ActivityTaskStarted]);
        RequestCancel(started);
        started.OnEvent(Event(EventType.ActivityTaskTimedOut));
    }

    private static void RequestCancel(ActivityMachine machine)
    {
        machine.Cancel();
        machine.OnCommandPrepared(CommandType.RequestCancelActivityTask);
        machine.OnEvent(Event(EventType.ActivityTaskCancelRequested));
    }

    private static ActivityMachine Activity(ActivityCancellationType type, EventType[] events)
    {
        var machine = new ActivityMachine(new RunMachines("run"), new ScheduleActivityCommand(
            1, new() { ActivityId = "1", ActivityType = new ActivityType { Name = "A" } }, type, null));
        machine.OnCommandPrepared(CommandType.ScheduleActivityTask);
        foreach (var type2 in events)
        {
            machine.OnEvent(Event(type2));
        }
        return machine;
    }

    private static void Children()
    {
        Child(ChildWorkflowCancellationType.Abandon).Cancel();
        var waiting = Child(ChildWorkflowCancellationType.WaitCancellationCompleted);
        waiting.OnEvent(Event(EventType.StartChildWorkflowExecutionInitiated));
        waiting.Cancel();
        foreach (var end in ChildEnds)
        {
            var child = Child(ChildWorkflowCancellationType.TryCancel);
            child.OnEvent(Event(EventType.StartChildWorkflowExecutionInitiated));
            child.Cancel();
            if (end != EventType.StartChildWorkflowExecutionFailed)
            {
                child.OnEvent(Event(EventType.ChildWorkflowExecutionStarted));
            }
            child.OnEvent(Event(end));
        }
    }

    private static ChildWorkflowMachine Child(ChildWorkflowCancellationType type)
    {
        var machine = new ChildWorkflowMachine(new RunMachines("run"), new StartChildWorkflowCommand(
            1, new() { WorkflowId = "child", WorkflowType = new WorkflowType { Name = "C" } }, type, null));
        machine.OnCommandPrepared(CommandType.StartChildWorkflowExecution);
        return machine;
    }

    private static void Signals()
    {
        new SignalExternalMachine(new RunMachines("run"), new SignalExternalWorkflowCommand(1, new())).Cancel();
        var sent = new SignalExternalMachine(new RunMachines("run"), new SignalExternalWorkflowCommand(1, new()));
        sent.OnCommandPrepared(CommandType.SignalExternalWorkflowExecution);
        sent.OnEvent(Event(EventType.SignalExternalWorkflowExecutionInitiated));
        sent.Cancel();
    }

    private static void LocalActivities()
    {
        var outcome = new LocalActivityOutcome { Kind = LocalActivityOutcomeKind.Completed, Attempt = 1 };
        foreach (var type in (ActivityCancellationType[])[ActivityCancellationType.TryCancel, ActivityCancellationType.WaitCancellationCompleted])
        {
            var running = Local(type, replaying: false);
            running.Run.LocalActivities.TakeToStart();
            running.Machine.Cancel();
            running.Machine.End(outcome, TimeSpan.Zero);
            running.Machine.OnCommandPrepared(CommandType.RecordMarker);
            running.Machine.End(outcome, TimeSpan.Zero);
            running.Machine.OnEvent(Marker(running.Machine.Request, outcome));
            running.Machine.End(outcome, TimeSpan.Zero);

            var awaiting = Local(type, replaying: true);
            awaiting.Machine.Cancel();
            awaiting.Machine.OnEvent(Marker(awaiting.Machine.Request, outcome));

            var resolved = Local(type, replaying: true).Machine;
            resolved.ResolveKnown(outcome);
            resolved.Cancel();
            Local(type, replaying: true).Machine.ExecuteAfterAll();
        }
        var waited = Local(ActivityCancellationType.WaitCancellationCompleted, replaying: false).Machine;
        waited.End(outcome, TimeSpan.Zero);
        waited.End(outcome, TimeSpan.Zero);
    }

    private static (RunMachines Run, LocalActivityMachine Machine) Local(ActivityCancellationType type, bool replaying)
    {
        var run = new RunMachines("run");
        var machine = new LocalActivityMachine(run, new LocalActivityRequest
        {
            Seq = 1,
            ActivityId = "1",
            ActivityType = "L",
            Arguments = [],
            Attempt = 1,
            Cancellation = type,
            LocalRetryThreshold = TimeSpan.FromMinutes(1),
        });
        machine.Begin(replaying);
        return (run, machine);
    }

    private static HistoryEvent Marker(LocalActivityRequest request, LocalActivityOutcome outcome)
    {
        var attributes = Markers.LocalActivity(request, outcome, activation: 1);
        var recorded = new MarkerRecordedEventAttributes { MarkerName = attributes.MarkerName };
        recorded.Details.Add(attributes.Details);
        return new HistoryEvent { EventId = 5, EventType = EventType.MarkerRecorded, MarkerRecordedEventAttributes = recorded };
    }

    // The handler runs a local activity: its acceptance is prepared before it completes, and no event has come.
    private static void Updates()
    {
        var machine = new UpdateMachine(new RunMachines("run"), "u/request", "u", 2, new Request { Meta = new() { UpdateId = "u" } });
        machine.Accept();
        machine.OnCommandPrepared(CommandType.ProtocolMessage);
        machine.Complete(new Payload());
        new UpdateMachine(new RunMachines("run"), "u/request", "u", 2, new Request { Meta = new() { UpdateId = "u" } })
            .RejectOrFail(new Temporalio.Api.Failure.V1.Failure());
    }

    private static HistoryEvent Event(EventType type) => type switch
    {
        EventType.ActivityTaskScheduled => new() { EventType = type, EventId = 5, ActivityTaskScheduledEventAttributes = new() { ActivityId = "1", ActivityType = new() { Name = "A" } } },
        EventType.ActivityTaskStarted => new() { EventType = type, EventId = 6, ActivityTaskStartedEventAttributes = new() { ScheduledEventId = 5 } },
        EventType.ActivityTaskCompleted => new() { EventType = type, EventId = 7, ActivityTaskCompletedEventAttributes = new() { ScheduledEventId = 5 } },
        EventType.ActivityTaskFailed => new() { EventType = type, EventId = 7, ActivityTaskFailedEventAttributes = new() { ScheduledEventId = 5, Failure = new() } },
        EventType.ActivityTaskTimedOut => new() { EventType = type, EventId = 7, ActivityTaskTimedOutEventAttributes = new() { ScheduledEventId = 5, Failure = new() } },
        EventType.ActivityTaskCanceled => new() { EventType = type, EventId = 7, ActivityTaskCanceledEventAttributes = new() { ScheduledEventId = 5 } },
        EventType.StartChildWorkflowExecutionInitiated => new() { EventType = type, EventId = 5, StartChildWorkflowExecutionInitiatedEventAttributes = new() { WorkflowId = "child", WorkflowType = new() { Name = "C" } } },
        EventType.ChildWorkflowExecutionStarted => new() { EventType = type, EventId = 6, ChildWorkflowExecutionStartedEventAttributes = new() { WorkflowExecution = new() { RunId = "r" } } },
        EventType.ChildWorkflowExecutionFailed => new() { EventType = type, EventId = 7, ChildWorkflowExecutionFailedEventAttributes = new() { Failure = new() } },
        _ => new() { EventType = type, EventId = 7 },
    };
}
