using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Table = Temporalio.Worker.Internal.Core.TransitionTable<
    Temporalio.Worker.Internal.Core.UpsertSearchAttributesMachine,
    Temporalio.Worker.Internal.Core.UpsertSearchAttributesMachine.State,
    Temporalio.Worker.Internal.Core.UpsertSearchAttributesMachine.Input>;

namespace Temporalio.Worker.Internal.Core;

internal sealed class UpsertSearchAttributesMachine : Machine
{
    public static readonly Table Table = new(
        new(State.Created, Input.Prepared, State.Prepared),
        new(State.Prepared, Input.Recorded, State.Recorded));

    private State state;

    public UpsertSearchAttributesMachine(UpsertWorkflowSearchAttributesCommandAttributes attributes) =>
        Command = new Command { CommandType = CommandType.UpsertWorkflowSearchAttributes, UpsertWorkflowSearchAttributesCommandAttributes = attributes };

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

    public Command Command { get; }

    public override bool IsFinal => state == State.Recorded;

    public override void OnCommandPrepared(CommandType type) => Table.Take(this, ref state, Input.Prepared);

    public override void OnEvent(HistoryEvent historyEvent)
    {
        if (historyEvent.EventType != EventType.UpsertWorkflowSearchAttributes)
        {
            throw new NondeterminismException($"UpsertWorkflowSearchAttributesMachine does not handle {Describe(historyEvent)}");
        }
        Table.Take(this, ref state, Input.Recorded);
    }
}
