namespace Temporalio.Worker.Internal.Commands;

/// <summary>Cancels a child that has not ended.</summary>
internal sealed class CancelChildWorkflowCommand(uint seq) : WorkflowCommand
{
    public uint Seq => seq;
}
