namespace Temporalio.Worker.Internal.Commands;

/// <summary>The run ends as cancelled.</summary>
internal sealed class CancelWorkflowCommand : WorkflowCommand
{
    public override bool IsTerminal => true;
}
