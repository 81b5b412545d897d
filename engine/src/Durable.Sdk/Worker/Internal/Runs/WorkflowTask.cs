using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Worker.Internal.Runs;

/// <summary>A task from the server and the slot it takes until it is answered.</summary>
internal sealed class WorkflowTask(PollWorkflowTaskQueueResponse response, Action release)
{
    private int released;
    private int answered;

    public PollWorkflowTaskQueueResponse Response => response;

    /// <summary>A query in a task of its own, which changes nothing.</summary>
    public bool IsQuery => response.Query is not null;

    /// <summary>True for the first caller: a task that blocked is answered by the watch, and its late end must not be.</summary>
    public bool TryAnswer() => Interlocked.Exchange(ref answered, 1) == 0;

    /// <summary>The same slot for the task that came with the answer.</summary>
    public WorkflowTask Next(PollWorkflowTaskQueueResponse next)
    {
        released = 1;
        return new(next, release);
    }

    public void Release()
    {
        if (Interlocked.Exchange(ref released, 1) == 0)
        {
            release();
        }
    }
}
