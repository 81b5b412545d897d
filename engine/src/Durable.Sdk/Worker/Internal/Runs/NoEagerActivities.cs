using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Worker.Internal.Runs;

/// <summary>For a worker without activities.</summary>
internal sealed class NoEagerActivities : IEagerActivities
{
    public static readonly NoEagerActivities Instance = new();

    public bool TryReserve() => false;

    public void Run(IReadOnlyList<PollActivityTaskQueueResponse> tasks, int reserved)
    {
    }
}
