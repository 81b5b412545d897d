using Temporalio.Client.Schedules;

namespace Temporalio.Client.Interceptors;

public record UpdateScheduleInput(string Id, Func<ScheduleUpdateInput, Task<ScheduleUpdate?>> Updater, RpcOptions? RpcOptions);
