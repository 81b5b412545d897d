using Temporalio.Client.Schedules;

namespace Temporalio.Client.Interceptors;

public abstract partial class ClientOutboundInterceptor
{
    public virtual Task<ScheduleHandle> CreateScheduleAsync(CreateScheduleInput input) => Next.CreateScheduleAsync(input);

    public virtual Task BackfillScheduleAsync(BackfillScheduleInput input) => Next.BackfillScheduleAsync(input);

    public virtual Task DeleteScheduleAsync(DeleteScheduleInput input) => Next.DeleteScheduleAsync(input);

    public virtual Task<ScheduleDescription> DescribeScheduleAsync(DescribeScheduleInput input) => Next.DescribeScheduleAsync(input);

    public virtual Task PauseScheduleAsync(PauseScheduleInput input) => Next.PauseScheduleAsync(input);

    public virtual Task TriggerScheduleAsync(TriggerScheduleInput input) => Next.TriggerScheduleAsync(input);

    public virtual Task UnpauseScheduleAsync(UnpauseScheduleInput input) => Next.UnpauseScheduleAsync(input);

    public virtual Task UpdateScheduleAsync(UpdateScheduleInput input) => Next.UpdateScheduleAsync(input);

    public virtual IAsyncEnumerable<ScheduleListDescription> ListSchedulesAsync(ListSchedulesInput input) => Next.ListSchedulesAsync(input);
}
