namespace Temporalio.Worker.Internal.Commands;

/// <summary>Cancels a local activity that the workflow still waits for.</summary>
internal sealed class CancelLocalActivityCommand(uint seq) : WorkflowCommand
{
    public uint Seq => seq;
}
