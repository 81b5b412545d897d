using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Worker.Internal.Jobs;
using Temporalio.Workflows;
using Table = Temporalio.Worker.Internal.Core.TransitionTable<
    Temporalio.Worker.Internal.Core.ActivityMachine,
    Temporalio.Worker.Internal.Core.ActivityMachine.State,
    Temporalio.Worker.Internal.Core.ActivityMachine.Input>;

namespace Temporalio.Worker.Internal.Core;

internal sealed class ActivityMachine : Machine
{
    public static readonly Table Table = new(
        new(State.Created, Input.SchedulePrepared, State.Created),
        new(State.Created, Input.Scheduled, State.Scheduled, static (machine, data) => machine.OnScheduled((HistoryEvent)data!)),
        new(State.Created, Input.Cancel, State.Dropped, static (machine, _) => machine.ResolveCancelled(null)),
        new(State.Created, Input.Abandon, State.Dropped, static (machine, _) => machine.ResolveCancelled(null)),
        new(State.Scheduled, Input.Started, State.Started, static (machine, data) => machine.OnStarted((HistoryEvent)data!)),
        new(State.Scheduled, Input.TimedOut, State.TimedOut, static (machine, data) => machine.ResolveTimedOut((HistoryEvent)data!)),
        new(State.Scheduled, Input.Cancel, State.ScheduledCancelCreated, static (machine, _) => machine.RequestCancel()),
        new(State.Scheduled, Input.Abandon, State.Abandoned, static (machine, _) => machine.ResolveCancelled(null)),
        new(State.Started, Input.Completed, State.Completed, static (machine, data) => machine.ResolveCompleted((HistoryEvent)data!)),
        new(State.Started, Input.Failed, State.Failed, static (machine, data) => machine.ResolveFailed((HistoryEvent)data!)),
        new(State.Started, Input.TimedOut, State.TimedOut, static (machine, data) => machine.ResolveTimedOut((HistoryEvent)data!)),
        new(State.Started, Input.Cancel, State.StartedCancelCreated, static (machine, _) => machine.RequestCancel()),
        new(State.Started, Input.Abandon, State.Abandoned, static (machine, _) => machine.ResolveCancelled(null)),
        new(State.ScheduledCancelCreated, Input.CancelPrepared, State.ScheduledCancelCreated),
        new(State.ScheduledCancelCreated, Input.CancelRequested, State.ScheduledCancelRequested),
        new(State.ScheduledCancelRequested, Input.Started, State.StartedCancelRequested, static (machine, data) => machine.OnStarted((HistoryEvent)data!)),
        new(State.ScheduledCancelRequested, Input.TimedOut, State.TimedOut, static (machine, data) => machine.ResolveTimedOut((HistoryEvent)data!)),
        new(State.ScheduledCancelRequested, Input.Cancelled, State.Cancelled, static (machine, data) => machine.ResolveCancelled((HistoryEvent)data!)),
        new(State.StartedCancelCreated, Input.CancelPrepared, State.StartedCancelCreated),
        new(State.StartedCancelCreated, Input.CancelRequested, State.StartedCancelRequested),
        new(State.StartedCancelRequested, Input.Completed, State.Completed, static (machine, data) => machine.ResolveCompleted((HistoryEvent)data!)),
        new(State.StartedCancelRequested, Input.Failed, State.Failed, static (machine, data) => machine.ResolveFailed((HistoryEvent)data!)),
        new(State.StartedCancelRequested, Input.TimedOut, State.TimedOut, static (machine, data) => machine.ResolveTimedOut((HistoryEvent)data!)),
        new(State.StartedCancelRequested, Input.Cancelled, State.Cancelled, static (machine, data) => machine.ResolveCancelled((HistoryEvent)data!)),
        new(State.Abandoned, Input.Started, State.Abandoned),
        new(State.Abandoned, Input.Completed, State.Abandoned),
        new(State.Abandoned, Input.Failed, State.Abandoned),
        new(State.Abandoned, Input.TimedOut, State.Abandoned));

    private readonly RunMachines run;
    private readonly uint seq;
    private readonly ActivityCancellationType cancellation;
    private long scheduledEventId;
    private long startedEventId;
    private bool resolved;
    private State state;

    public ActivityMachine(RunMachines run, ScheduleActivityCommand command)
    {
        this.run = run;
        seq = command.Seq;
        cancellation = command.Cancellation;
        Command = new Command
        {
            CommandType = CommandType.ScheduleActivityTask,
            ScheduleActivityTaskCommandAttributes = command.Attributes,
            UserMetadata = command.Metadata,
        };
    }

    internal enum State
    {
        Created,
        Scheduled,
        Started,
        ScheduledCancelCreated,
        ScheduledCancelRequested,
        StartedCancelCreated,
        StartedCancelRequested,
        Completed,
        Failed,
        TimedOut,
        Cancelled,
        Abandoned,
        Dropped,
    }

    internal enum Input
    {
        SchedulePrepared,
        Scheduled,
        Started,
        Completed,
        Failed,
        TimedOut,
        Cancel,
        Abandon,
        CancelPrepared,
        CancelRequested,
        Cancelled,
    }

    public Command Command { get; }

    public override bool IsDropped => state == State.Dropped;

    public override bool IsFinal => state is State.Completed or State.Failed or State.TimedOut or State.Cancelled or State.Dropped;

    private ScheduleActivityTaskCommandAttributes Attributes => Command.ScheduleActivityTaskCommandAttributes;

    public void Cancel()
    {
        // Code may cancel what has just ended: the token of a scope is cancelled for everything in it.
        if (!IsFinal && state != State.Abandoned)
        {
            Table.Take(this, ref state, cancellation == ActivityCancellationType.Abandon ? Input.Abandon : Input.Cancel);
        }
    }

    public override void OnCommandPrepared(CommandType type) =>
        Table.Take(this, ref state, type == CommandType.ScheduleActivityTask ? Input.SchedulePrepared : Input.CancelPrepared);

    public override void OnEvent(HistoryEvent historyEvent) =>
        Table.Take(this, ref state, InputOf(historyEvent), historyEvent);

    private static Input InputOf(HistoryEvent historyEvent) => historyEvent.EventType switch
    {
        EventType.ActivityTaskScheduled => Input.Scheduled,
        EventType.ActivityTaskStarted => Input.Started,
        EventType.ActivityTaskCompleted => Input.Completed,
        EventType.ActivityTaskFailed => Input.Failed,
        EventType.ActivityTaskTimedOut => Input.TimedOut,
        EventType.ActivityTaskCancelRequested => Input.CancelRequested,
        EventType.ActivityTaskCanceled => Input.Cancelled,
        _ => throw new NondeterminismException($"Activity machine does not handle this event: {Describe(historyEvent)}"),
    };

    private void OnScheduled(HistoryEvent historyEvent)
    {
        var recorded = historyEvent.ActivityTaskScheduledEventAttributes;
        if (run.Flags.ChecksIds)
        {
            if (recorded.ActivityId != Attributes.ActivityId)
            {
                throw new NondeterminismException(
                    $"Activity id of scheduled event '{recorded.ActivityId}' does not match activity id of activity command '{Attributes.ActivityId}'");
            }
            if (recorded.ActivityType?.Name != Attributes.ActivityType.Name)
            {
                throw new NondeterminismException(
                    $"Activity type of scheduled event '{recorded.ActivityType?.Name}' does not match activity type of activity command '{Attributes.ActivityType.Name}'");
            }
        }
        scheduledEventId = historyEvent.EventId;
    }

    private void OnStarted(HistoryEvent historyEvent) => startedEventId = historyEvent.EventId;

    private void RequestCancel()
    {
        run.AddCommand(this, new Command
        {
            CommandType = CommandType.RequestCancelActivityTask,
            RequestCancelActivityTaskCommandAttributes = new() { ScheduledEventId = scheduledEventId },
        });
        if (cancellation == ActivityCancellationType.TryCancel)
        {
            ResolveCancelled(null);
        }
    }

    private void ResolveCompleted(HistoryEvent historyEvent)
    {
        var result = historyEvent.ActivityTaskCompletedEventAttributes.Result;
        Resolve(new ActivityResolution { IsLocal = false, Result = result is { Payloads_.Count: > 0 } ? result.Payloads_[0] : null });
    }

    private void ResolveFailed(HistoryEvent historyEvent)
    {
        var attributes = historyEvent.ActivityTaskFailedEventAttributes;
        startedEventId = attributes.StartedEventId;
        Resolve("Activity task failed", attributes.Failure, attributes.Identity, attributes.RetryState);
    }

    private void ResolveTimedOut(HistoryEvent historyEvent)
    {
        var attributes = historyEvent.ActivityTaskTimedOutEventAttributes;
        startedEventId = attributes.StartedEventId;
        Resolve("Activity task timed out", attributes.Failure, string.Empty, attributes.RetryState);
    }

    private void ResolveCancelled(HistoryEvent? historyEvent)
    {
        var attributes = historyEvent?.ActivityTaskCanceledEventAttributes;
        Resolve(
            "Activity cancelled",
            new Failure { CanceledFailureInfo = new() { Details = attributes?.Details } },
            attributes?.Identity ?? string.Empty,
            RetryState.CancelRequested);
    }

    private void Resolve(string message, Failure cause, string identity, RetryState retryState) =>
        Resolve(new ActivityResolution
        {
            IsLocal = false,
            Failure = new Failure
            {
                Message = message,
                Cause = cause,
                ActivityFailureInfo = new()
                {
                    ActivityId = Attributes.ActivityId,
                    ActivityType = Attributes.ActivityType,
                    ScheduledEventId = scheduledEventId,
                    StartedEventId = startedEventId,
                    Identity = identity,
                    RetryState = retryState,
                },
            },
        });

    // A cancel that does not wait has resolved already when the event of the end comes.
    private void Resolve(ActivityResolution resolution)
    {
        if (resolved)
        {
            return;
        }
        resolved = true;
        run.Activities.Remove(seq);
        run.AddJob(new ResolveActivityJob(seq, resolution));
    }
}
