using Temporalio.Api.Enums.V1;

namespace Durable.Server.Executions;

/// <summary>A query goes to a queue as a task of its own. Its taker sends <see cref="StartQueryTask"/>.</summary>
public sealed record QueryTaskReady(string QueryId, string Queue, TaskQueueKind Kind, string NormalQueue) : ExecutionEffect;
