using Durable.Server.Namespaces;
using Durable.Server.Storage;
using Microsoft.Extensions.Logging;

namespace Durable.Server.Engine;

/// <summary>Takes closed runs out of the store when their namespace keeps them no longer: in small steps, so that calls go on in between.</summary>
internal sealed class Retention : IDisposable
{
    /// <summary>Runs of one step. They share one or two transactions; more would make a call that comes in between wait for longer.</summary>
    private const int StepRuns = 64;

    /// <summary>How late a run may go; looking costs one index look-up a namespace.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ServerEngine engine;
    private readonly IServerStore store;
    private readonly NamespaceRegistry namespaces;
    private readonly ILogger logger;
    private readonly ITimer timer;
    private int wishes;

    public Retention(ServerEngine engine, IServerStore store, NamespaceRegistry namespaces, TimeProvider clock, ILogger logger)
    {
        this.engine = engine;
        this.store = store;
        this.namespaces = namespaces;
        this.logger = logger;
        timer = clock.CreateTimer(static retention => ((Retention)retention!).Begin(), this, Interval, Interval);
    }

    public void Dispose() => timer.Dispose();

    private void Begin()
    {
        // One that has much to do takes longer than the interval. Who comes meanwhile is not lost: time has gone on since it looked.
        if (Interlocked.Increment(ref wishes) > 1)
        {
            return;
        }
        engine.InBackground(async () =>
        {
            try
            {
                int seen;
                do
                {
                    seen = Volatile.Read(ref wishes);
                    await SweepAsync().ConfigureAwait(false);
                }
                while (Interlocked.CompareExchange(ref wishes, 0, seen) != seen);
            }
            catch
            {
                Volatile.Write(ref wishes, 0);
                throw;
            }
        });
    }

    private async Task SweepAsync()
    {
        foreach (var name in namespaces.All.Select(static found => found.NamespaceInfo.Name))
        {
            var removed = 0;
            while (!engine.Stopping.IsCancellationRequested)
            {
                var expired = await store.ReadExpiredRunsAsync(name, engine.Now - namespaces.RetentionOf(name), StepRuns).ConfigureAwait(false);
                if (expired.Count == 0)
                {
                    break;
                }
                await Task.WhenAll(expired.Select(engine.DeleteAsync)).ConfigureAwait(false);
                removed += expired.Count;
            }
            if (removed > 0)
            {
                logger.LogInformation("Retention removed {Runs} closed runs of namespace {Namespace}", removed, name);
            }
        }
    }
}
