using Temporalio.Api.Command.V1;

namespace Temporalio.Worker.Internal.Commands;

/// <summary>Changes memo keys.</summary>
internal sealed class ModifyPropertiesCommand(ModifyWorkflowPropertiesCommandAttributes attributes) : WorkflowCommand
{
    public ModifyWorkflowPropertiesCommandAttributes Attributes => attributes;
}
