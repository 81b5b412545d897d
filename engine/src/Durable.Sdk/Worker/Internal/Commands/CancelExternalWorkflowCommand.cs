using Temporalio.Api.Command.V1;

namespace Temporalio.Worker.Internal.Commands;

/// <summary>Asks another workflow to cancel.</summary>
internal sealed class CancelExternalWorkflowCommand(uint seq, RequestCancelExternalWorkflowExecutionCommandAttributes attributes) : WorkflowCommand
{
    public uint Seq => seq;

    public RequestCancelExternalWorkflowExecutionCommandAttributes Attributes => attributes;
}
