namespace Temporalio.Worker.Internal.Commands;

/// <summary>The validator let an update pass.</summary>
internal sealed class AcceptUpdateCommand(string protocolInstanceId) : WorkflowCommand
{
    public string ProtocolInstanceId => protocolInstanceId;
}
