using Temporalio.Client;
using Temporalio.Worker.Internal;

namespace Temporalio.Worker;

/// <summary>Runs workflows and activities of one task queue.</summary>
/// <remarks>Runs once: make a new one for each run. Members other than <see cref="ExecuteAsync(CancellationToken)"/> are thread-safe.</remarks>
public class TemporalWorker : IDisposable
{
    private readonly WorkerHost host;
    private readonly IReadOnlyCollection<ITemporalWorkerPlugin> plugins;
    private IWorkerClient client;
    private int started;
    private volatile bool disposed;

    /// <exception cref="ArgumentException">No task queue, nothing to run, or registrations that contradict each other.</exception>
    /// <exception cref="InvalidOperationException">The client is lazy and has not connected yet.</exception>
    public TemporalWorker(IWorkerClient client, TemporalWorkerOptions options)
    {
        this.client = client;
        Options = (TemporalWorkerOptions)options.Clone();
        plugins = [.. (client.Options.Plugins ?? []).OfType<ITemporalWorkerPlugin>(), .. Options.Plugins ?? []];
        foreach (var plugin in plugins)
        {
            plugin.ConfigureWorker(Options);
        }
        if (string.IsNullOrEmpty(Options.TaskQueue))
        {
            throw new ArgumentException("TaskQueue must be set", nameof(options));
        }
        if (Options.Workflows.Count == 0 && Options.Activities.Count == 0)
        {
            throw new ArgumentException("Must have at least one activity and/or workflow", nameof(options));
        }
        host = new WorkerHost(this, client, Options);
    }

    ~TemporalWorker() => Dispose(false);

    /// <summary>The worker's own copy.</summary>
    public TemporalWorkerOptions Options { get; }

    /// <summary>May be replaced while the worker runs, for new credentials; polls that are open go on with the old one.</summary>
    /// <exception cref="InvalidOperationException">The new client is lazy and has not connected yet.</exception>
    public IWorkerClient Client
    {
        get => client;
        set
        {
            host.Use(value);
            client = value;
        }
    }

    /// <summary>Runs until the token is cancelled, then stops gracefully.</summary>
    /// <exception cref="OperationCanceledException">The normal end: the token was cancelled and everything has stopped.</exception>
    /// <exception cref="InvalidOperationException">The worker runs, or has run, already; or the server has no such namespace.</exception>
    /// <exception cref="Exceptions.RpcException">The server refuses the worker's polls.</exception>
    public Task ExecuteAsync(CancellationToken stoppingToken) =>
        ExecuteAsync(static () => Task.Delay(Timeout.Infinite), stoppingToken);

    /// <summary>Runs until a function has ended, then stops gracefully.</summary>
    /// <inheritdoc cref="ExecuteAsync(CancellationToken)"/>
    public Task ExecuteAsync(Func<Task> untilComplete, CancellationToken stoppingToken = default) =>
        ExecuteAsync(
            async () =>
            {
                await untilComplete().ConfigureAwait(false);
                return default(ValueTuple);
            },
            stoppingToken);

    /// <summary>Runs until a function has ended, then stops gracefully.</summary>
    /// <returns>What the function returned.</returns>
    /// <inheritdoc cref="ExecuteAsync(CancellationToken)"/>
    public Task<TResult> ExecuteAsync<TResult>(Func<Task<TResult>> untilComplete, CancellationToken stoppingToken = default)
    {
        if (Interlocked.Exchange(ref started, 1) != 0)
        {
            throw new InvalidOperationException("Already started");
        }
        ObjectDisposedException.ThrowIf(disposed, this);
        Func<TemporalWorker, CancellationToken, Task<TResult>> run = (_, token) => host.RunAsync(untilComplete, token);
        foreach (var plugin in plugins.Reverse())
        {
            var next = run;
            run = (worker, token) => plugin.RunWorkerAsync(worker, next, token);
        }
        return run(this, stoppingToken);
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A worker that runs goes on to its end; one that has not begun cannot begin.</summary>
    protected virtual void Dispose(bool disposing) => disposed = true;
}
