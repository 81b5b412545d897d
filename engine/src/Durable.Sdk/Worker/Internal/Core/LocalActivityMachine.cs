using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Worker.Internal.Jobs;
using Temporalio.Workflows;
using Table = Temporalio.Worker.Internal.Core.TransitionTable<
    Temporalio.Worker.Internal.Core.LocalActivityMachine,
    Temporalio.Worker.Internal.Core.LocalActivityMachine.State,
    Temporalio.Worker.Internal.Core.LocalActivityMachine.Input>;

namespace Temporalio.Worker.Internal.Core;

/// <remarks>
/// There is no command before the end: then a marker records it. On replay the marker is looked up ahead, so that the activity ends in
/// the same task as it did at first.
/// </remarks>
internal sealed class LocalActivityMachine : Machine
{
    public static readonly Table Table = new(
        new(State.Created, Input.Execute, State.Running, static (machine, _) => machine.run.LocalActivities.Start(machine.Request)),
        new(State.Created, Input.AwaitMarker, State.AwaitingMarker),
        new(State.Running, Input.Ended, State.MarkerCreated, static (machine, data) => machine.Record((LocalActivityOutcome)data!)),
        new(State.Running, Input.Cancel, State.Running, static (machine, _) => machine.run.LocalActivities.Cancel(machine)),
        new(State.Running, Input.LetGo, State.MarkerCreated, static (machine, _) => machine.LetGo()),
        new(State.MarkerCreated, Input.Prepared, State.MarkerPrepared),
        new(State.MarkerCreated, Input.Ended, State.MarkerCreated),
        new(State.MarkerPrepared, Input.Ended, State.MarkerPrepared),
        new(State.MarkerPrepared, Input.Recorded, State.Recorded, static (machine, data) => machine.OnRecorded((HistoryEvent)data!)),
        new(State.AwaitingMarker, Input.Known, State.AwaitingMarkerResolved, static (machine, data) => machine.Resolve((LocalActivityOutcome)data!)),
        new(State.AwaitingMarker, Input.Recorded, State.Recorded, static (machine, data) => machine.OnRecordedUnresolved((HistoryEvent)data!)),
        new(State.AwaitingMarker, Input.Cancel, State.AwaitingMarker, static (machine, _) => machine.run.LocalActivities.Cancel(machine)),
        new(State.AwaitingMarker, Input.LetGo, State.AwaitingMarker, static (machine, _) => machine.run.LocalActivities.Cancel(machine)),
        new(State.AwaitingMarker, Input.Execute, State.Running, static (machine, _) => machine.StartAfterAll()),
        new(State.AwaitingMarkerResolved, Input.Cancel, State.AwaitingMarkerResolved),
        new(State.AwaitingMarkerResolved, Input.LetGo, State.AwaitingMarkerResolved),
        new(State.AwaitingMarkerResolved, Input.Recorded, State.Recorded, static (machine, data) => machine.OnRecorded((HistoryEvent)data!)),
        new(State.Recorded, Input.Ended, State.Recorded));

    private readonly RunMachines run;
    private readonly DateTime startedAt;
    private bool recordsMarker;
    private State state;

    public LocalActivityMachine(RunMachines run, LocalActivityRequest request)
    {
        this.run = run;
        Request = request;
        startedAt = run.Time;
    }

    internal enum State
    {
        Created,
        Running,
        MarkerCreated,
        MarkerPrepared,
        AwaitingMarker,
        AwaitingMarkerResolved,
        Recorded,
    }

    internal enum Input
    {
        Execute,
        AwaitMarker,
        Ended,
        Known,
        Cancel,
        LetGo,
        Prepared,
        Recorded,
    }

    public LocalActivityRequest Request { get; }

    public override bool IsFinal => state == State.Recorded;

    public bool AwaitsMarker => state == State.AwaitingMarker;

    /// <summary>On replay the marker has no command of ours to match.</summary>
    public bool TakesMarkerWithoutCommand => state is State.AwaitingMarker or State.AwaitingMarkerResolved;

    public void Begin(bool replaying)
    {
        recordsMarker = !replaying;
        Table.Take(this, ref state, replaying ? Input.AwaitMarker : Input.Execute);
    }

    /// <summary>The history ends without its marker: the worker that ran it has gone.</summary>
    public void ExecuteAfterAll() => Table.Take(this, ref state, Input.Execute);

    /// <summary>It is the turn of its marker, which the look-ahead has found.</summary>
    public void ResolveKnown(LocalActivityOutcome outcome) => Table.Take(this, ref state, Input.Known, outcome);

    /// <param name="runtime">Real time since it was started; moves the workflow's time on.</param>
    public void End(LocalActivityOutcome outcome, TimeSpan runtime) =>
        Table.Take(this, ref state, Input.Ended, outcome with { CompleteTime = startedAt + runtime });

    public void Cancel()
    {
        if (state is State.Running or State.AwaitingMarker or State.AwaitingMarkerResolved)
        {
            Table.Take(this, ref state, Request.Cancellation == ActivityCancellationType.WaitCancellationCompleted ? Input.Cancel : Input.LetGo);
        }
    }

    public override void OnCommandPrepared(CommandType type) => Table.Take(this, ref state, Input.Prepared);

    public override void OnEvent(HistoryEvent historyEvent)
    {
        if (!Markers.IsLocalActivity(historyEvent))
        {
            throw new NondeterminismException($"Local activity machine cannot handle this event: {Describe(historyEvent)}");
        }
        Table.Take(this, ref state, Input.Recorded, historyEvent);
    }

    private void StartAfterAll()
    {
        recordsMarker = true;
        run.LocalActivities.Start(Request);
    }

    private void LetGo()
    {
        if (Request.Cancellation == ActivityCancellationType.TryCancel)
        {
            run.LocalActivities.Cancel(this);
        }
        else
        {
            run.LocalActivities.Forget(Request.Seq);
        }
        Record(new LocalActivityOutcome
        {
            Kind = LocalActivityOutcomeKind.Cancelled,
            Failure = new Failure { Message = "Activity cancelled", CanceledFailureInfo = new() },
            Attempt = 0,
            OriginalScheduleTime = Request.OriginalScheduleTime,
            IsPlain = true,
        });
    }

    private void Record(LocalActivityOutcome outcome)
    {
        Resolve(outcome);
        if (recordsMarker)
        {
            run.AddCommand(this, new Command
            {
                CommandType = CommandType.RecordMarker,
                RecordMarkerCommandAttributes = Markers.LocalActivity(Request, outcome, run.Activations),
                UserMetadata = Request.Metadata,
            });
        }
    }

    private void Resolve(LocalActivityOutcome outcome)
    {
        run.AddJob(new ResolveActivityJob(Request.Seq, new ActivityResolution
        {
            IsLocal = true,
            Result = outcome.Result,
            Failure = outcome.Backoff is null ? Wrap(outcome) : null,
            Backoff = outcome.Backoff is { } delay ? new(outcome.Attempt + 1, delay, outcome.OriginalScheduleTime) : null,
            IsPlain = outcome.IsPlain,
        }));
        if (outcome.CompleteTime is { } time)
        {
            run.AdvanceTime(time);
        }
    }

    // A plain failure reaches the workflow as it is; only cancellation and time-outs look like those of other activities.
    private Failure? Wrap(LocalActivityOutcome outcome)
    {
        var message = outcome.Kind switch
        {
            LocalActivityOutcomeKind.Cancelled when outcome.Failure?.CanceledFailureInfo is not null => "Local Activity cancelled",
            LocalActivityOutcomeKind.TimedOut when outcome.Failure?.TimeoutFailureInfo is not null => "Local Activity timed out",
            _ => null,
        };
        return message is null
            ? outcome.Failure
            : new Failure
            {
                Message = message,
                Cause = outcome.Failure,
                ActivityFailureInfo = new()
                {
                    ActivityId = Request.ActivityId,
                    ActivityType = new ActivityType { Name = Request.ActivityType },
                    RetryState = RetryState.CancelRequested,
                },
            };
    }

    private void OnRecordedUnresolved(HistoryEvent historyEvent)
    {
        OnRecorded(historyEvent);
        Resolve(Markers.ReadLocalActivity(historyEvent).Outcome);
    }

    private void OnRecorded(HistoryEvent historyEvent)
    {
        var recorded = Markers.ReadLocalActivity(historyEvent);
        if (recorded.Seq != Request.Seq)
        {
            throw new NondeterminismException(
                $"Local activity marker data has sequence number {recorded.Seq} but matched against LA command with sequence number {Request.Seq}");
        }
        if (!run.Flags.ChecksIds)
        {
            return;
        }
        if (recorded.ActivityId != Request.ActivityId)
        {
            throw new NondeterminismException(
                $"Activity id of recorded marker '{recorded.ActivityId}' does not match activity id of local activity command '{Request.ActivityId}'");
        }
        if (recorded.ActivityType != Request.ActivityType)
        {
            throw new NondeterminismException(
                $"Activity type of recorded marker '{recorded.ActivityType}' does not match activity type of local activity command '{Request.ActivityType}'");
        }
    }
}
