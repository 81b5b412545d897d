using Temporalio.Api.Common.V1;

namespace Durable.Server.Executions;

/// <summary>An activity attempt waits for a poller. Its taker sends <see cref="StartActivityTask"/>.</summary>
public sealed record ActivityTaskReady(long ScheduledEventId, int Attempt, string Queue, Priority? Priority) : ExecutionEffect;
