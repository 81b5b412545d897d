namespace Durable.Server.Executions;

/// <summary>The sticky worker did not answer in time: stickiness ends and the query goes to the normal queue.</summary>
public sealed record RedispatchQuery(string QueryId) : ExecutionCommand;
