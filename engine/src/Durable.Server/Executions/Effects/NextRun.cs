namespace Durable.Server.Executions;

/// <summary>
/// Unlike other effects this one is part of the transaction: the shell starts the next run of the chain with it and commits both.
/// </summary>
/// <param name="InputFromFirstEvent">
/// Input and header are those of this run's event 1 (retry, cron): the shell reads the event and calls <see cref="StartRun.WithInputOf"/>.
/// </param>
public sealed record NextRun(StartRun Start, bool InputFromFirstEvent) : ExecutionEffect;
