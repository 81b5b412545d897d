namespace Durable.Server.Executions;

/// <summary>An entry that has no outcome for this run is delivered (NOTIFY_PARENT, PARENT_CLOSE_POLICY, RELEASE_CHILD).</summary>
public sealed record AcknowledgeOutbox(long OutboxId) : ExecutionCommand;
