namespace Durable.Server.Executions;

/// <summary>A poller took the task: answers <see cref="WorkflowTaskStarted"/>, or no reply when the queue item is stale.</summary>
public sealed record StartWorkflowTask : ExecutionCommand
{
    /// <summary>From <see cref="WorkflowTaskReady"/>.</summary>
    public required long Serial { get; init; }

    public required string Identity { get; init; }

    /// <summary>Names this poll in the STARTED event.</summary>
    public required string RequestId { get; init; }

    /// <summary>The poller's queue is the sticky one: it gets the events since the last completed task only.</summary>
    public required bool FromStickyQueue { get; init; }
}
