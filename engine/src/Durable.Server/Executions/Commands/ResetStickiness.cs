namespace Durable.Server.Executions;

/// <summary>The run forgets its sticky queue; a task that waits there moves to the normal queue.</summary>
/// <param name="Queue">Only if it is this one; null: whichever.</param>
public sealed record ResetStickiness(string? Queue) : ExecutionCommand;
