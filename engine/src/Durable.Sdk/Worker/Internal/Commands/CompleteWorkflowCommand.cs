using Temporalio.Api.Common.V1;

namespace Temporalio.Worker.Internal.Commands;

/// <summary>The run method has returned.</summary>
internal sealed class CompleteWorkflowCommand(Payload result) : WorkflowCommand
{
    public Payload Result => result;

    public override bool IsTerminal => true;
}
