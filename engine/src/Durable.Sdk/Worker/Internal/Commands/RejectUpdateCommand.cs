using Temporalio.Api.Failure.V1;

namespace Temporalio.Worker.Internal.Commands;

/// <summary>An update is refused, or its handler has failed: which of the two depends on whether it was accepted.</summary>
internal sealed class RejectUpdateCommand(string protocolInstanceId, Failure failure) : WorkflowCommand
{
    public string ProtocolInstanceId => protocolInstanceId;

    public Failure Failure => failure;
}
