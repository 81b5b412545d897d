using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Worker.Internal.Jobs;
using Table = Temporalio.Worker.Internal.Core.TransitionTable<
    Temporalio.Worker.Internal.Core.TimerMachine,
    Temporalio.Worker.Internal.Core.TimerMachine.State,
    Temporalio.Worker.Internal.Core.TimerMachine.Input>;

namespace Temporalio.Worker.Internal.Core;

internal sealed class TimerMachine : Machine
{
    public static readonly Table Table = new(
        new(State.Created, Input.StartPrepared, State.Created),
        new(State.Created, Input.Started, State.Started),
        new(State.Created, Input.Cancel, State.Dropped),
        new(State.Started, Input.Fired, State.Fired, static (machine, _) => machine.Fire()),
        new(State.Started, Input.Cancel, State.CancelCreated, static (machine, _) => machine.RequestCancel()),
        new(State.CancelCreated, Input.CancelPrepared, State.CancelCreated),
        new(State.CancelCreated, Input.Cancelled, State.Cancelled));

    private readonly RunMachines run;
    private readonly uint seq;
    private readonly string timerId;
    private State state;

    public TimerMachine(RunMachines run, StartTimerCommand command)
    {
        this.run = run;
        seq = command.Seq;
        timerId = seq.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Command = new Command
        {
            CommandType = CommandType.StartTimer,
            StartTimerCommandAttributes = new() { TimerId = timerId, StartToFireTimeout = Duration.FromTimeSpan(command.Delay) },
            UserMetadata = command.Metadata,
        };
    }

    internal enum State
    {
        Created,
        Started,
        Fired,
        CancelCreated,
        Cancelled,
        Dropped,
    }

    internal enum Input
    {
        StartPrepared,
        Started,
        Fired,
        Cancel,
        CancelPrepared,
        Cancelled,
    }

    public Command Command { get; }

    public override bool IsDropped => state == State.Dropped;

    public override bool IsFinal => state is State.Fired or State.Cancelled or State.Dropped;

    public void Cancel() => Table.Take(this, ref state, Input.Cancel);

    public override void OnCommandPrepared(CommandType type) =>
        Table.Take(this, ref state, type == CommandType.StartTimer ? Input.StartPrepared : Input.CancelPrepared);

    public override void OnEvent(HistoryEvent historyEvent) =>
        Table.Take(this, ref state, historyEvent.EventType switch
        {
            EventType.TimerStarted => Input.Started,
            EventType.TimerFired => Input.Fired,
            EventType.TimerCanceled => Input.Cancelled,
            _ => throw new NondeterminismException($"Timer machine does not handle this event: {Describe(historyEvent)}"),
        });

    private void Fire()
    {
        run.AddJob(new FireTimerJob(seq));
        run.Timers.Remove(seq);
    }

    // The workflow's wait has ended with its token already; the command only tells the server.
    private void RequestCancel()
    {
        run.Timers.Remove(seq);
        run.AddCommand(this, new Command { CommandType = CommandType.CancelTimer, CancelTimerCommandAttributes = new() { TimerId = timerId } });
    }
}
