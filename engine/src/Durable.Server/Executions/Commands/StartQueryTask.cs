namespace Durable.Server.Executions;

/// <summary>A poller took a query: answers <see cref="WorkflowTaskStarted"/>, or no reply when it is no longer asked.</summary>
public sealed record StartQueryTask(string QueryId, bool FromStickyQueue) : ExecutionCommand;
