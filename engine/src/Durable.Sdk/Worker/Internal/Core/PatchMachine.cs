using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Table = Temporalio.Worker.Internal.Core.TransitionTable<
    Temporalio.Worker.Internal.Core.PatchMachine,
    Temporalio.Worker.Internal.Core.PatchMachine.State,
    Temporalio.Worker.Internal.Core.PatchMachine.Input>;

namespace Temporalio.Worker.Internal.Core;

internal sealed class PatchMachine : Machine
{
    public static readonly Table Table = new(
        new(State.Created, Input.Prepared, State.Prepared),
        new(State.Prepared, Input.Recorded, State.Recorded, static (machine, data) => machine.OnRecorded((HistoryEvent)data!)));

    private State state;

    public PatchMachine(string patchId, bool deprecated)
    {
        PatchId = patchId;
        Command = new Command
        {
            CommandType = CommandType.RecordMarker,
            RecordMarkerCommandAttributes = Markers.Patch(patchId, deprecated),
        };
    }

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

    public string PatchId { get; }

    public Command Command { get; }

    public override bool IsFinal => state == State.Recorded;

    public override void OnCommandPrepared(CommandType type) => Table.Take(this, ref state, Input.Prepared);

    public override void OnEvent(HistoryEvent historyEvent)
    {
        if (!Markers.IsPatch(historyEvent))
        {
            throw new NondeterminismException($"Change machine cannot handle this event: {Describe(historyEvent)}");
        }
        Table.Take(this, ref state, Input.Recorded, historyEvent);
    }

    private void OnRecorded(HistoryEvent historyEvent)
    {
        var (recorded, _) = Markers.ReadPatch(historyEvent);
        if (recorded != PatchId)
        {
            throw new NondeterminismException($"Change id {recorded} does not match expected id {PatchId}");
        }
    }
}
