namespace Temporalio.Worker.Internal.Runs;

/// <summary>The activity side of the worker, as far as activities come with the answer to a workflow task.</summary>
internal interface IEagerActivities
{
    /// <summary>Reserves a slot for one activity; false: none free, it must go through the task queue.</summary>
    bool TryReserve();

    /// <summary>Runs what came; slots that were reserved for more are free again.</summary>
    void Run(IReadOnlyList<Api.WorkflowService.V1.PollActivityTaskQueueResponse> tasks, int reserved);
}
