using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Table = Temporalio.Worker.Internal.Core.TransitionTable<
    Temporalio.Worker.Internal.Core.TerminalMachine,
    Temporalio.Worker.Internal.Core.TerminalMachine.State,
    Temporalio.Worker.Internal.Core.TerminalMachine.Input>;

namespace Temporalio.Worker.Internal.Core;

/// <summary>The end of the run: completed, failed, cancelled or continued as new.</summary>
internal sealed class TerminalMachine(Command command) : Machine
{
    public static readonly Table Table = new(
        new(State.Created, Input.Prepared, State.Prepared),
        new(State.Prepared, Input.Recorded, State.Recorded));

    private State state;

    internal enum State
    {
        Created,
        Prepared,
        Recorded,
    }

    internal enum Input
    {
        Prepared,
        Recorded,
    }

    public Command Command => command;

    public override bool IsFinal => state == State.Recorded;

    public override void OnCommandPrepared(CommandType type) => Table.Take(this, ref state, Input.Prepared);

    public override void OnEvent(HistoryEvent historyEvent)
    {
        var (name, expected) = command.CommandType switch
        {
            CommandType.CompleteWorkflowExecution => ("Complete", EventType.WorkflowExecutionCompleted),
            CommandType.FailWorkflowExecution => ("Fail", EventType.WorkflowExecutionFailed),
            CommandType.CancelWorkflowExecution => ("Cancel", EventType.WorkflowExecutionCanceled),
            _ => ("Continue as new", EventType.WorkflowExecutionContinuedAsNew),
        };
        if (historyEvent.EventType != expected)
        {
            throw new NondeterminismException($"{name} workflow machine does not handle this event: {Describe(historyEvent)}");
        }
        Table.Take(this, ref state, Input.Recorded);
    }
}
