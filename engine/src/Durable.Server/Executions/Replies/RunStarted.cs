namespace Durable.Server.Executions;

/// <param name="EagerTask">The first workflow task, when asked for and not held by a back-off.</param>
public sealed record RunStarted(WorkflowTaskStarted? EagerTask, UpdateInfo? Update) : ExecutionReply;
