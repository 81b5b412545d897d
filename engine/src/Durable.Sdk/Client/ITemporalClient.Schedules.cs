using Temporalio.Client.Schedules;

namespace Temporalio.Client;

public partial interface ITemporalClient
{
    /// <exception cref="Exceptions.ScheduleAlreadyRunningException">The id is taken.</exception>
    Task<ScheduleHandle> CreateScheduleAsync(string scheduleId, Schedule schedule, ScheduleOptions? options = null);

    /// <summary>Makes no call: the schedule may not exist.</summary>
    ScheduleHandle GetScheduleHandle(string scheduleId);

    IAsyncEnumerable<ScheduleListDescription> ListSchedulesAsync(ScheduleListOptions? options = null);
}
