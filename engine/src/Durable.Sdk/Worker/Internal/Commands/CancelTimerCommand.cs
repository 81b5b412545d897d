namespace Temporalio.Worker.Internal.Commands;

/// <summary>Cancels a timer that has not fired.</summary>
internal sealed class CancelTimerCommand(uint seq) : WorkflowCommand
{
    public uint Seq => seq;
}
