using Temporalio.Api.Enums.V1;

namespace Durable.Server.Executions;

/// <summary>A workflow task waits for a poller. Its taker sends <see cref="StartWorkflowTask"/> with the serial.</summary>
/// <param name="Serial">Names the task; one that is no longer current is stale.</param>
/// <param name="NormalQueue">The run's queue; equals <paramref name="Queue"/> unless sticky.</param>
public sealed record WorkflowTaskReady(long Serial, string Queue, TaskQueueKind Kind, string NormalQueue) : ExecutionEffect;
