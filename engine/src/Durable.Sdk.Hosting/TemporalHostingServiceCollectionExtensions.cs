using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Temporalio.Client;
using Temporalio.Extensions.Hosting;
using Temporalio.Worker;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Clients and workers in a service collection.</summary>
public static class TemporalHostingServiceCollectionExtensions
{
    /// <summary>Adds a worker with a connection of its own.</summary>
    /// <exception cref="InvalidOperationException">There is one for this queue and version already.</exception>
    public static ITemporalWorkerServiceOptionsBuilder AddHostedTemporalWorker(
        this IServiceCollection services, string clientTargetHost, string clientNamespace, string taskQueue, WorkerDeploymentOptions? deploymentOptions = null) =>
        services.AddHostedTemporalWorker(taskQueue, deploymentOptions)
            .ConfigureOptions(options => options.ClientOptions = new(clientTargetHost) { Namespace = clientNamespace });

    [Obsolete("Use the overload with deployment options")]
    public static ITemporalWorkerServiceOptionsBuilder AddHostedTemporalWorker(
        this IServiceCollection services, string clientTargetHost, string clientNamespace, string taskQueue, string buildId) =>
        services.AddHostedTemporalWorker(taskQueue, buildId)
            .ConfigureOptions(options => options.ClientOptions = new(clientTargetHost) { Namespace = clientNamespace });

    /// <summary>Adds a worker on the client of the service collection, unless its options bring client options.</summary>
    /// <exception cref="InvalidOperationException">There is one for this queue and version already.</exception>
    /// <exception cref="ArgumentException">Deployment options without a version.</exception>
    public static ITemporalWorkerServiceOptionsBuilder AddHostedTemporalWorker(
        this IServiceCollection services, string taskQueue, WorkerDeploymentOptions? deploymentOptions = null) => deploymentOptions is { Version: null }
        ? throw new ArgumentException("Version must be set in deployment options", nameof(deploymentOptions))
        : Add(new TemporalWorkerServiceOptionsBuilder(taskQueue, deploymentOptions, services), options => options.DeploymentOptions = deploymentOptions);

    [Obsolete("Use the overload with deployment options")]
    public static ITemporalWorkerServiceOptionsBuilder AddHostedTemporalWorker(this IServiceCollection services, string taskQueue, string buildId) =>
        Add(new TemporalWorkerServiceOptionsBuilder(taskQueue, buildId, services), options => options.BuildId = buildId);

    /// <summary>Adds a client that connects with its first call; the result is for more options.</summary>
    public static OptionsBuilder<TemporalClientConnectOptions> AddTemporalClient(
        this IServiceCollection services, string? clientTargetHost = null, string? clientNamespace = null)
    {
        services.TryAddSingleton<ITemporalClient>(static provider =>
            TemporalClient.CreateLazy(provider.GetRequiredService<IOptions<TemporalClientConnectOptions>>().Value));
        var builder = services.AddOptions<TemporalClientConnectOptions>();
        builder.Configure<IServiceProvider>((options, provider) =>
        {
            if (clientTargetHost is not null)
            {
                options.TargetHost = clientTargetHost;
            }
            if (clientNamespace is not null)
            {
                options.Namespace = clientNamespace;
            }
            if (options.LoggerFactory is NullLoggerFactory && provider.GetService<ILoggerFactory>() is { } loggers)
            {
                options.LoggerFactory = loggers;
            }
        });
        return builder;
    }

    /// <summary>Adds a client that connects with its first call.</summary>
    public static IServiceCollection AddTemporalClient(this IServiceCollection services, Action<TemporalClientConnectOptions> configureClient)
    {
        services.AddTemporalClient().Configure(configureClient);
        return services;
    }

    private static TemporalWorkerServiceOptionsBuilder Add(TemporalWorkerServiceOptionsBuilder builder, Action<TemporalWorkerServiceOptions> configure)
    {
        builder.ConfigureOptions(
            options =>
            {
                options.TaskQueue = builder.TaskQueue;
                configure(options);
            },
            disallowDuplicates: true);
        var identifier = TemporalWorkerServiceIdentifier.Of(builder);
        builder.Services.AddSingleton<IHostedService>(provider => new TemporalWorkerService(
            identifier,
            provider.GetRequiredService<IOptionsMonitor<TemporalWorkerServiceOptions>>(),
            provider.GetService<ITemporalClient>(),
            provider.GetService<ILoggerFactory>()));
        return builder;
    }
}
