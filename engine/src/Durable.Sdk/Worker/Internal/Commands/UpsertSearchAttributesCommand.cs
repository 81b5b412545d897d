using Temporalio.Api.Command.V1;

namespace Temporalio.Worker.Internal.Commands;

/// <summary>Changes search attributes.</summary>
internal sealed class UpsertSearchAttributesCommand(UpsertWorkflowSearchAttributesCommandAttributes attributes) : WorkflowCommand
{
    public UpsertWorkflowSearchAttributesCommandAttributes Attributes => attributes;
}
