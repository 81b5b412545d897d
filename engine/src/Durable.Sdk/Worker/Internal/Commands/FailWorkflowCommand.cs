using Temporalio.Api.Failure.V1;

namespace Temporalio.Worker.Internal.Commands;

/// <summary>The run fails.</summary>
internal sealed class FailWorkflowCommand(Failure failure) : WorkflowCommand
{
    public Failure Failure => failure;

    public override bool IsTerminal => true;
}
