using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Worker.Internal.Jobs;
using Table = Temporalio.Worker.Internal.Core.TransitionTable<
    Temporalio.Worker.Internal.Core.CancelExternalMachine,
    Temporalio.Worker.Internal.Core.CancelExternalMachine.State,
    Temporalio.Worker.Internal.Core.CancelExternalMachine.Input>;

namespace Temporalio.Worker.Internal.Core;

/// <remarks>Also behind the cancellation of a child, which the workflow does not hear of.</remarks>
internal sealed class CancelExternalMachine : Machine
{
    public static readonly Table Table = new(
        new(State.Created, Input.Prepared, State.Created),
        new(State.Created, Input.Initiated, State.Initiated),
        new(State.Initiated, Input.CancelRequested, State.Done, static (machine, _) => machine.Resolve(null)),
        new(State.Initiated, Input.Failed, State.Done, static (machine, data) => machine.ResolveFailed((HistoryEvent)data!)));

    private readonly RunMachines run;
    private readonly uint? seq;
    private State state;

    public CancelExternalMachine(RunMachines run, CancelExternalWorkflowCommand command)
        : this(run, command.Attributes) => seq = command.Seq;

    /// <summary>For the cancellation of a child.</summary>
    public CancelExternalMachine(RunMachines run, RequestCancelExternalWorkflowExecutionCommandAttributes attributes)
    {
        this.run = run;
        Command = new Command
        {
            CommandType = CommandType.RequestCancelExternalWorkflowExecution,
            RequestCancelExternalWorkflowExecutionCommandAttributes = attributes,
        };
    }

    internal enum State
    {
        Created,
        Initiated,
        Done,
    }

    internal enum Input
    {
        Prepared,
        Initiated,
        CancelRequested,
        Failed,
    }

    public Command Command { get; }

    public override bool IsFinal => state == State.Done;

    public override bool IsInternal => seq is null;

    public override void OnCommandPrepared(CommandType type) => Table.Take(this, ref state, Input.Prepared);

    public override void OnEvent(HistoryEvent historyEvent) =>
        Table.Take(this, ref state, historyEvent.EventType switch
        {
            EventType.RequestCancelExternalWorkflowExecutionInitiated => Input.Initiated,
            EventType.ExternalWorkflowExecutionCancelRequested => Input.CancelRequested,
            EventType.RequestCancelExternalWorkflowExecutionFailed => Input.Failed,
            _ => throw new NondeterminismException($"Cancel external WF machine does not handle this event: {Describe(historyEvent)}"),
        }, historyEvent);

    private void ResolveFailed(HistoryEvent historyEvent)
    {
        var cause = historyEvent.RequestCancelExternalWorkflowExecutionFailedEventAttributes.Cause;
        Resolve(new Failure
        {
            Message = $"Unable to cancel external workflow because {ExternalFailure.Reason(cause)}",
            ApplicationFailureInfo = new() { Type = ExternalFailure.Type(cause) },
        });
    }

    private void Resolve(Failure? failure)
    {
        if (seq is { } known)
        {
            run.AddJob(new ResolveCancelExternalJob(known, failure));
        }
    }
}
