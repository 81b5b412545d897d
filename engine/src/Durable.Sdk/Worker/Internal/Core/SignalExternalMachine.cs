using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Worker.Internal.Jobs;
using Table = Temporalio.Worker.Internal.Core.TransitionTable<
    Temporalio.Worker.Internal.Core.SignalExternalMachine,
    Temporalio.Worker.Internal.Core.SignalExternalMachine.State,
    Temporalio.Worker.Internal.Core.SignalExternalMachine.Input>;

namespace Temporalio.Worker.Internal.Core;

internal sealed class SignalExternalMachine : Machine
{
    public static readonly Table Table = new(
        new(State.Created, Input.Prepared, State.Created),
        new(State.Created, Input.Initiated, State.Initiated),
        new(State.Created, Input.Cancel, State.Dropped, static (machine, _) => machine.Resolve("Signal was cancelled before being sent", cancelled: true)),
        new(State.Initiated, Input.Cancel, State.Initiated),
        new(State.Initiated, Input.Signaled, State.Done, static (machine, _) => machine.Resolve(null)),
        new(State.Initiated, Input.Failed, State.Done, static (machine, data) => machine.ResolveFailed((HistoryEvent)data!)));

    private readonly RunMachines run;
    private readonly uint seq;
    private State state;

    public SignalExternalMachine(RunMachines run, SignalExternalWorkflowCommand command)
    {
        this.run = run;
        seq = command.Seq;
        Command = new Command
        {
            CommandType = CommandType.SignalExternalWorkflowExecution,
            SignalExternalWorkflowExecutionCommandAttributes = command.Attributes,
        };
    }

    internal enum State
    {
        Created,
        Initiated,
        Done,
        Dropped,
    }

    internal enum Input
    {
        Prepared,
        Initiated,
        Signaled,
        Failed,
        Cancel,
    }

    public Command Command { get; }

    public override bool IsDropped => state == State.Dropped;

    public override bool IsFinal => state is State.Done or State.Dropped;

    public void Cancel() => Table.Take(this, ref state, Input.Cancel);

    public override void OnCommandPrepared(CommandType type) => Table.Take(this, ref state, Input.Prepared);

    public override void OnEvent(HistoryEvent historyEvent) =>
        Table.Take(this, ref state, historyEvent.EventType switch
        {
            EventType.SignalExternalWorkflowExecutionInitiated => Input.Initiated,
            EventType.ExternalWorkflowExecutionSignaled => Input.Signaled,
            EventType.SignalExternalWorkflowExecutionFailed => Input.Failed,
            _ => throw new NondeterminismException($"Signal external WF machine does not handle this event: {Describe(historyEvent)}"),
        }, historyEvent);

    private void ResolveFailed(HistoryEvent historyEvent)
    {
        var cause = historyEvent.SignalExternalWorkflowExecutionFailedEventAttributes.Cause;
        Resolve($"Unable to signal external workflow because {ExternalFailure.Reason(cause)}", ExternalFailure.Type(cause));
    }

    private void Resolve(string? message, string type = "", bool cancelled = false)
    {
        run.Signals.Remove(seq);
        Failure? failure = null;
        if (message is not null)
        {
            failure = new Failure { Message = message };
            if (cancelled)
            {
                failure.CanceledFailureInfo = new();
            }
            else
            {
                failure.ApplicationFailureInfo = new() { Type = type };
            }
        }
        run.AddJob(new ResolveSignalJob(seq, failure));
    }
}
