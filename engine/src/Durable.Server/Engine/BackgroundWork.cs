using Durable.Protocol;
using Microsoft.Extensions.Logging;

namespace Durable.Server.Engine;

/// <summary>Work that nobody awaits: what goes wrong in it is logged, and stopping waits for its end.</summary>
internal sealed class BackgroundWork(ILogger logger, CancellationToken stopping)
{
    // One is the owner's own, until it drains.
    private readonly CountdownEvent running = new(1);

    public void Run(Func<Task> work)
    {
        if (running.TryAddCount())
        {
            _ = Task.Run(() => GuardAsync(work));
        }
    }

    /// <summary>Takes nothing more and waits for what runs, at most <paramref name="longest"/>.</summary>
    public async Task DrainAsync(TimeSpan longest)
    {
        running.Signal();
        await Task.Run(() => running.Wait(longest)).ConfigureAwait(false);
    }

    private async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (RpcFaultException)
        {
            // The run is gone; or the store does not write at the moment, and a second look comes.
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops.
        }
#pragma warning disable CA1031 // Nobody waits for it: what is not said here is said nowhere.
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            logger.LogError(unexpected, "Background work failed");
        }
        finally
        {
            running.Signal();
        }
    }
}
