using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Worker.Internal.Runs;

/// <summary>A slot that waits for the first task of a workflow.</summary>
/// <param name="run">Gets the task; null: none came, the slot is free again.</param>
internal sealed class EagerSlot(Action<PollWorkflowTaskQueueResponse?> run) : IDisposable
{
    private int used;

    public void Run(PollWorkflowTaskQueueResponse? task)
    {
        if (Interlocked.Exchange(ref used, 1) == 0)
        {
            run(task is { TaskToken.IsEmpty: false } ? task : null);
        }
    }

    public void Dispose() => Run(null);
}
