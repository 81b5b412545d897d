using Durable.Server.Executions;
using Durable.Server.Storage;
using Microsoft.Extensions.Logging;

namespace Durable.Server.Engine;

/// <summary>Timers: the near ones in memory, the far ones in the store's index until their window comes.</summary>
internal sealed partial class ServerEngine
{
    /// <summary>How far ahead timers are kept in memory. On a clock that jumps to the next timer: everything, or it would not know where to jump.</summary>
    private readonly TimeSpan window;

    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(1);

    /// <summary>Longer than any look at a queue's last pollers (five minutes) goes back.</summary>
    private static readonly TimeSpan IdleQueue = TimeSpan.FromMinutes(10);

    /// <summary>Runs put into the queues before the server answers: a fraction of a second's work.</summary>
    internal const int ReadyPage = 1000;

    private readonly TimerQueue<RunKey> timers;
    private ITimer? sweeper;

    /// <summary>Reads what is due or ready, and nothing else: the time to start does not grow with the store.</summary>
    public async Task RecoverAsync()
    {
        var rest = await LoadReadyAsync(null).ConfigureAwait(false);
        while (rest is not null && locks.JumpsToTimers)
        {
            // Time must not jump over what nobody has seen yet.
            rest = await LoadReadyAsync(rest).ConfigureAwait(false);
        }
        if (rest is not null)
        {
            background.Run(() => LoadRestAsync(rest));
        }
        await SweepAsync().ConfigureAwait(false);
        if (locks.JumpsToTimers)
        {
            // All timers are in memory already.
            return;
        }
        sweeper = clock.CreateTimer(_ => background.Run(SweepAsync), null, Sweep, Sweep);
    }

    /// <summary>Puts the next <see cref="ReadyPage"/> runs with ready work into the queues.</summary>
    /// <returns>The last of them; null: there are no more.</returns>
    private async Task<RunKey?> LoadReadyAsync(RunKey? after)
    {
        var ready = await store.ReadReadyRunsAsync(after, ReadyPage).ConfigureAwait(false);
        foreach (var key in ready)
        {
            await TouchAsync(key).ConfigureAwait(false);
        }
        return ready.Count < ReadyPage ? null : ready[^1];
    }

    /// <summary>A worker that was away leaves tens of thousands: the server answers before they are all in the queues. Who calls one of them loads it.</summary>
    private async Task LoadRestAsync(RunKey? after)
    {
        while (after is not null && !stopping.IsCancellationRequested)
        {
            try
            {
                after = await LoadReadyAsync(after).ConfigureAwait(false);
            }
            catch (StoreUnavailableException failed)
            {
                logger.LogWarning(failed, "The store does not tell of the rest of the ready runs; asking again");
                await Task.Delay(SecondLook, TimeProvider.System, stopping.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task SweepAsync()
    {
        matcher.Trim(IdleQueue);
        foreach (var due in await store.ReadDueRunsAsync(Now + window, 100_000).ConfigureAwait(false))
        {
            timers.Add(due.Key, due.At);
        }
    }

    /// <summary>Loads a run, which puts its ready work into the queues.</summary>
    private async Task TouchAsync(RunKey key)
    {
        try
        {
            await WithRunAsync(key, static (_, _) => true).ConfigureAwait(false);
        }
        catch (Durable.Protocol.RpcFaultException)
        {
            // Deleted between the list and the look.
        }
    }

    private void ScheduleTimer(RunSlot slot, Execution execution)
    {
        if (execution.NextTimerAt is { } at && at <= Now + window)
        {
            timers.Set(slot.Key, at);
        }
        else
        {
            timers.Clear(slot.Key);
        }
    }

    private void FireTimersAsync(RunKey key)
    {
        // Time must not go on to the next timer before this one has been dealt with.
        locks.BeginWork();
        background.Run(async () =>
        {
            try
            {
                await WithRunAsync(key, static (execution, now) =>
                {
                    execution.FireDueTimers(now);
                    return true;
                }).ConfigureAwait(false);
            }
            finally
            {
                locks.EndWork();
            }
        });
    }
}
