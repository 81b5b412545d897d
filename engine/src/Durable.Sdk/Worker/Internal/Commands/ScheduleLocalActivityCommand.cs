using Temporalio.Worker.Internal.Core;

namespace Temporalio.Worker.Internal.Commands;

/// <summary>Runs an activity in this worker.</summary>
internal sealed class ScheduleLocalActivityCommand(LocalActivityRequest request) : WorkflowCommand
{
    public LocalActivityRequest Request => request;
}
