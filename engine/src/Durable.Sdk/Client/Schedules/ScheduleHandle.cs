namespace Temporalio.Client.Schedules;

/// <summary>A schedule by its id.</summary>
public record ScheduleHandle(ITemporalClient Client, string Id)
{
    /// <summary>Takes the actions of times in the past, now.</summary>
    public virtual Task BackfillAsync(IReadOnlyCollection<ScheduleBackfill> backfills, RpcOptions? rpcOptions = null) =>
        Client.OutboundInterceptor.BackfillScheduleAsync(new(Id, backfills, rpcOptions));

    /// <summary>Workflows that it started go on.</summary>
    public virtual Task DeleteAsync(RpcOptions? rpcOptions = null) => Client.OutboundInterceptor.DeleteScheduleAsync(new(Id, rpcOptions));

    public virtual Task<ScheduleDescription> DescribeAsync(RpcOptions? rpcOptions = null) =>
        Client.OutboundInterceptor.DescribeScheduleAsync(new(Id, rpcOptions));

    /// <param name="note">Default "Paused via .NET SDK".</param>
    public virtual Task PauseAsync(string? note = null, RpcOptions? rpcOptions = null) =>
        Client.OutboundInterceptor.PauseScheduleAsync(new(Id, note, rpcOptions));

    /// <summary>Takes the action once, now.</summary>
    public virtual Task TriggerAsync(ScheduleTriggerOptions? options = null) => Client.OutboundInterceptor.TriggerScheduleAsync(new(Id, options));

    /// <param name="note">Default "Unpaused via .NET SDK".</param>
    public virtual Task UnpauseAsync(string? note = null, RpcOptions? rpcOptions = null) =>
        Client.OutboundInterceptor.UnpauseScheduleAsync(new(Id, note, rpcOptions));

    /// <param name="updater">Gets the schedule as it is; null: leave it so.</param>
    public Task UpdateAsync(Func<ScheduleUpdateInput, ScheduleUpdate?> updater, RpcOptions? rpcOptions = null) =>
        UpdateAsync(input => Task.FromResult(updater(input)), rpcOptions);

    /// <param name="updater">Gets the schedule as it is; null: leave it so.</param>
    public virtual Task UpdateAsync(Func<ScheduleUpdateInput, Task<ScheduleUpdate?>> updater, RpcOptions? rpcOptions = null) =>
        Client.OutboundInterceptor.UpdateScheduleAsync(new(Id, updater, rpcOptions));
}
