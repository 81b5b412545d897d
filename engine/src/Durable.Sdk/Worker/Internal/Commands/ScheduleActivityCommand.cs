using Temporalio.Api.Command.V1;
using Temporalio.Api.Sdk.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Commands;

/// <summary>Schedules an activity.</summary>
internal sealed class ScheduleActivityCommand(uint seq, ScheduleActivityTaskCommandAttributes attributes, ActivityCancellationType cancellation, UserMetadata? metadata) : WorkflowCommand
{
    public uint Seq => seq;

    public ScheduleActivityTaskCommandAttributes Attributes => attributes;

    public ActivityCancellationType Cancellation => cancellation;

    public UserMetadata? Metadata => metadata;
}
