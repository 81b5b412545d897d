using Temporalio.Api.Command.V1;

namespace Temporalio.Worker.Internal.Commands;

/// <summary>The run ends and a new one begins.</summary>
internal sealed class ContinueAsNewCommand(ContinueAsNewWorkflowExecutionCommandAttributes attributes) : WorkflowCommand
{
    public ContinueAsNewWorkflowExecutionCommandAttributes Attributes => attributes;

    public override bool IsTerminal => true;
}
