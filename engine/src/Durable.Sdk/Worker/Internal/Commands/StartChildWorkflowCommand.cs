using Temporalio.Api.Command.V1;
using Temporalio.Api.Sdk.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Commands;

/// <summary>Starts a child workflow.</summary>
internal sealed class StartChildWorkflowCommand(uint seq, StartChildWorkflowExecutionCommandAttributes attributes, ChildWorkflowCancellationType cancellation, UserMetadata? metadata) : WorkflowCommand
{
    public uint Seq => seq;

    public StartChildWorkflowExecutionCommandAttributes Attributes => attributes;

    public ChildWorkflowCancellationType Cancellation => cancellation;

    public UserMetadata? Metadata => metadata;
}
