using Temporalio.Api.Common.V1;

namespace Temporalio.Worker.Internal.Commands;

/// <summary>The handler of an update has returned.</summary>
internal sealed class CompleteUpdateCommand(string protocolInstanceId, Payload result) : WorkflowCommand
{
    public string ProtocolInstanceId => protocolInstanceId;

    public Payload Result => result;
}
