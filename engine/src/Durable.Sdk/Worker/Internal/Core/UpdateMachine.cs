using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;
using Table = Temporalio.Worker.Internal.Core.TransitionTable<
    Temporalio.Worker.Internal.Core.UpdateMachine,
    Temporalio.Worker.Internal.Core.UpdateMachine.State,
    Temporalio.Worker.Internal.Core.UpdateMachine.Input>;

namespace Temporalio.Worker.Internal.Core;

/// <remarks>
/// Acceptance and outcome are messages with a command each for their place among the others. An update that completes at once has both
/// commands prepared before the first event comes.
/// </remarks>
internal sealed class UpdateMachine : Machine
{
    public static readonly Table Table = new(
        new(State.Requested, Input.Accept, State.Accepted, static (machine, _) => machine.SendAcceptance()),
        new(State.Requested, Input.Reject, State.Rejected, static (machine, data) => machine.SendRejection((Failure)data!)),
        new(State.Accepted, Input.Prepared, State.AcceptPrepared),
        new(State.Accepted, Input.Complete, State.AcceptedAndCompleted, static (machine, data) => machine.SendOutcome((Outcome)data!)),
        new(State.AcceptPrepared, Input.AcceptRecorded, State.AcceptRecorded),
        new(State.AcceptPrepared, Input.Complete, State.AcceptPreparedAndCompleted, static (machine, data) => machine.SendOutcome((Outcome)data!)),
        new(State.AcceptedAndCompleted, Input.Prepared, State.AcceptPreparedAndCompleted),
        new(State.AcceptPreparedAndCompleted, Input.Prepared, State.BothPrepared),
        new(State.BothPrepared, Input.AcceptRecorded, State.CompletePrepared),
        new(State.AcceptRecorded, Input.Complete, State.Completed, static (machine, data) => machine.SendOutcome((Outcome)data!)),
        new(State.Completed, Input.Prepared, State.CompletePrepared),
        new(State.CompletePrepared, Input.CompleteRecorded, State.CompleteRecorded));

    private readonly RunMachines run;
    private readonly string messageId;
    private readonly string protocolInstanceId;
    private readonly long sequencingEventId;
    private readonly Request request;
    private State state;

    public UpdateMachine(RunMachines run, string messageId, string protocolInstanceId, long sequencingEventId, Request request)
    {
        this.run = run;
        this.messageId = messageId;
        this.protocolInstanceId = protocolInstanceId;
        this.sequencingEventId = sequencingEventId;
        this.request = request;
    }

    internal enum State
    {
        Requested,
        Rejected,
        Accepted,
        AcceptPrepared,
        AcceptRecorded,
        AcceptedAndCompleted,
        AcceptPreparedAndCompleted,
        BothPrepared,
        Completed,
        CompletePrepared,
        CompleteRecorded,
    }

    internal enum Input
    {
        Accept,
        Reject,
        Complete,
        Prepared,
        AcceptRecorded,
        CompleteRecorded,
    }

    public override bool IsFinal => state is State.Rejected or State.CompleteRecorded;

    public void Accept() => Table.Take(this, ref state, Input.Accept);

    /// <summary>A refusal before the acceptance, the outcome after it.</summary>
    public void RejectOrFail(Failure failure)
    {
        if (state == State.Requested)
        {
            Table.Take(this, ref state, Input.Reject, failure);
        }
        else
        {
            Table.Take(this, ref state, Input.Complete, new Outcome { Failure = failure });
        }
    }

    public void Complete(Payload result) =>
        Table.Take(this, ref state, Input.Complete, new Outcome { Success = new() { Payloads_ = { result } } });

    public override void OnCommandPrepared(CommandType type) => Table.Take(this, ref state, Input.Prepared);

    public override void OnEvent(HistoryEvent historyEvent) =>
        Table.Take(this, ref state, historyEvent.EventType switch
        {
            EventType.WorkflowExecutionUpdateAccepted => Input.AcceptRecorded,
            EventType.WorkflowExecutionUpdateCompleted => Input.CompleteRecorded,
            _ => throw new NondeterminismException($"Update machine does not handle this event: {Describe(historyEvent)}"),
        });

    private void SendAcceptance()
    {
        var id = messageId + "/accept";
        run.AddMessage(Message(id), new Acceptance
        {
            AcceptedRequestMessageId = messageId,
            AcceptedRequestSequencingEventId = sequencingEventId,
            AcceptedRequest = request,
        });
        AddMessageCommand(id);
    }

    // A refusal leaves no event, so it has no command.
    private void SendRejection(Failure failure)
    {
        run.Updates.Remove(protocolInstanceId);
        run.AddMessage(Message(messageId + "/reject"), new Rejection
        {
            RejectedRequestMessageId = messageId,
            RejectedRequestSequencingEventId = sequencingEventId,
            RejectedRequest = request,
            Failure = failure,
        });
    }

    private void SendOutcome(Outcome outcome)
    {
        run.Updates.Remove(protocolInstanceId);
        var id = messageId + "/complete";
        run.AddMessage(Message(id), new Response { Meta = request.Meta, Outcome = outcome });
        AddMessageCommand(id);
    }

    private Message Message(string id) => new() { Id = id, ProtocolInstanceId = protocolInstanceId };

    private void AddMessageCommand(string id) =>
        run.AddCommand(this, new Command
        {
            CommandType = CommandType.ProtocolMessage,
            ProtocolMessageCommandAttributes = new() { MessageId = id },
        });
}
