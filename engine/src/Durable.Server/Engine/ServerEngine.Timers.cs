using Durable.Server.Executions;
using Durable.Server.Storage;

namespace Durable.Server.Engine;

/// <summary>Timers: the near ones in memory, the far ones in the store's index until their window comes.</summary>
internal sealed partial class ServerEngine
{
    /// <summary>How far ahead timers are kept in memory. On a clock that jumps to the next timer: everything, or it would not know where to jump.</summary>
    private readonly TimeSpan window;

    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(1);

    /// <summary>Longer than any look at a queue's last pollers (five minutes) goes back.</summary>
    private static readonly TimeSpan IdleQueue = TimeSpan.FromMinutes(10);

    private readonly TimerQueue<RunKey> timers;
    private ITimer? sweeper;

    /// <summary>Reads what is due or ready, and nothing else: the time to start does not grow with the store.</summary>
    public async Task RecoverAsync()
    {
        RunKey? after = null;
        while (true)
        {
            var ready = await store.ReadReadyRunsAsync(after, 1000).ConfigureAwait(false);
            foreach (var key in ready)
            {
                await TouchAsync(key).ConfigureAwait(false);
            }
            if (ready.Count < 1000)
            {
                break;
            }
            after = ready[^1];
        }
        await SweepAsync().ConfigureAwait(false);
        if (locks.JumpsToTimers)
        {
            // All timers are in memory already.
            return;
        }
        sweeper = clock.CreateTimer(_ => background.Run(SweepAsync), null, Sweep, Sweep);
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
