namespace Durable.Server.Executions;

/// <summary>A poller took an attempt: answers <see cref="ActivityTaskStarted"/>, or no reply when the queue item is stale.</summary>
public sealed record StartActivityTask : ExecutionCommand
{
    public required long ScheduledEventId { get; init; }

    public required int Attempt { get; init; }

    public required string Identity { get; init; }

    public required string RequestId { get; init; }
}
