namespace Temporalio.Worker.Internal.Commands;

/// <summary>Takes back a signal that has not been sent.</summary>
internal sealed class CancelSignalWorkflowCommand(uint seq) : WorkflowCommand
{
    public uint Seq => seq;
}
