using Temporalio.Client.Schedules;

namespace Temporalio.Client.Interceptors;

public record BackfillScheduleInput(string Id, IReadOnlyCollection<ScheduleBackfill> Backfills, RpcOptions? RpcOptions);
