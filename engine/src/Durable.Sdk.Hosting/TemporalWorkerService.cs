using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Temporalio.Client;
using Temporalio.Worker;

namespace Temporalio.Extensions.Hosting;

/// <summary>Runs one worker as long as the host runs.</summary>
/// <remarks>A worker that fails ends the service with its exception; what the host does then is the host's <c>BackgroundServiceExceptionBehavior</c>.</remarks>
public class TemporalWorkerService : BackgroundService
{
    private readonly TemporalClientConnectOptions? newClientOptions;
    private readonly ITemporalClient? existingClient;
    private readonly TemporalWorkerOptions workerOptions;
    private readonly TemporalWorkerClientUpdater? workerClientUpdater;

    /// <param name="clientOptions">Connected when the service starts.</param>
    public TemporalWorkerService(TemporalClientConnectOptions clientOptions, TemporalWorkerOptions workerOptions)
    {
        newClientOptions = clientOptions;
        this.workerOptions = workerOptions;
    }

    /// <param name="client">Connected when the service starts, if it is not.</param>
    public TemporalWorkerService(ITemporalClient client, TemporalWorkerOptions workerOptions)
    {
        existingClient = client;
        this.workerOptions = workerOptions;
    }

    /// <exception cref="ArgumentException">The options have no client options.</exception>
    public TemporalWorkerService(TemporalWorkerServiceOptions options)
    {
        newClientOptions = options.ClientOptions ?? throw new ArgumentException("Client options is required", nameof(options));
        workerOptions = options;
        workerClientUpdater = options.WorkerClientUpdater;
    }

    [Obsolete("Use the constructor with the identifier")]
    public TemporalWorkerService(
        string taskQueue,
        string? buildId,
        IOptionsMonitor<TemporalWorkerServiceOptions> optionsMonitor,
        ITemporalClient? existingClient = null,
        ILoggerFactory? loggerFactory = null)
        : this(new TemporalWorkerServiceIdentifier(taskQueue, buildId, buildId is not null), optionsMonitor, existingClient, loggerFactory)
    {
    }

    [Obsolete("Use the constructor with the identifier")]
    public TemporalWorkerService(
        (string TaskQueue, string? BuildId) taskQueueAndBuildId,
        IOptionsMonitor<TemporalWorkerServiceOptions> optionsMonitor,
        ITemporalClient? existingClient = null,
        ILoggerFactory? loggerFactory = null)
        : this(
            new TemporalWorkerServiceIdentifier(taskQueueAndBuildId.TaskQueue, taskQueueAndBuildId.BuildId, taskQueueAndBuildId.BuildId is not null),
            optionsMonitor,
            existingClient,
            loggerFactory)
    {
    }

    /// <summary>The service of a service collection.</summary>
    /// <param name="loggerFactory">Used where the options name none.</param>
    /// <exception cref="InvalidOperationException">Neither the options nor the service collection have a client, or the options are of another queue or version.</exception>
    public TemporalWorkerService(
        TemporalWorkerServiceIdentifier serviceId,
        IOptionsMonitor<TemporalWorkerServiceOptions> optionsMonitor,
        ITemporalClient? existingClient = null,
        ILoggerFactory? loggerFactory = null)
    {
        var options = (TemporalWorkerServiceOptions)optionsMonitor.Get(serviceId.OptionsName).Clone();
        RequireSame("Task queue", serviceId.TaskQueue, options.TaskQueue);
        if (serviceId.VersionIsBuildId)
        {
#pragma warning disable CS0618 // Part of the worker's identity for those who still set it.
            RequireSame("BuildID", serviceId.Version, options.BuildId);
#pragma warning restore CS0618
        }
        else
        {
            RequireSame("Deployment Version", serviceId.Version, options.DeploymentOptions?.Version?.ToCanonicalString());
        }
        newClientOptions = options.ClientOptions;
        if (newClientOptions is not null)
        {
            if (loggerFactory is not null && newClientOptions.LoggerFactory is NullLoggerFactory)
            {
                newClientOptions.LoggerFactory = loggerFactory;
            }
        }
        else
        {
            this.existingClient = existingClient ??
                throw new InvalidOperationException("Cannot start worker service with no client and no client connect options");
        }
        if (loggerFactory is not null)
        {
            options.LoggerFactory ??= loggerFactory;
        }
        workerOptions = options;
        workerClientUpdater = options.WorkerClientUpdater;
    }

    // The options of a worker are found by what it is; changed to something else they would be another worker's.
    private static void RequireSame(string what, string? given, string? configured)
    {
        if (given != configured)
        {
            throw new InvalidOperationException($"{what} '{given ?? "<unset>"}' on constructor different than '{configured ?? "<unset>"}' on options");
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var client = existingClient ?? await TemporalClient.ConnectAsync(newClientOptions!).ConfigureAwait(false);
        await client.Connection.ConnectAsync().ConfigureAwait(false);
        using var worker = new TemporalWorker(client, workerOptions);
        void Update(object? sender, IWorkerClient updated) => worker.Client = updated;
        workerClientUpdater?.Subscribe(Update);
        try
        {
            await worker.ExecuteAsync(stoppingToken).ConfigureAwait(false);
        }
        finally
        {
            workerClientUpdater?.Unsubscribe(Update);
        }
    }
}
