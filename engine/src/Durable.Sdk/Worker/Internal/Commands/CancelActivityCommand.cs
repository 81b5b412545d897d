namespace Temporalio.Worker.Internal.Commands;

/// <summary>Cancels an activity that the workflow still waits for.</summary>
internal sealed class CancelActivityCommand(uint seq) : WorkflowCommand
{
    public uint Seq => seq;
}
