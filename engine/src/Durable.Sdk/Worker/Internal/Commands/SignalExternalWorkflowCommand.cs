using Temporalio.Api.Command.V1;

namespace Temporalio.Worker.Internal.Commands;

/// <summary>Signals a child or another workflow.</summary>
internal sealed class SignalExternalWorkflowCommand(uint seq, SignalExternalWorkflowExecutionCommandAttributes attributes) : WorkflowCommand
{
    public uint Seq => seq;

    public SignalExternalWorkflowExecutionCommandAttributes Attributes => attributes;
}
