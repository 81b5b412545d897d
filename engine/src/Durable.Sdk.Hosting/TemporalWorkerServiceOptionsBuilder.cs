using Microsoft.Extensions.DependencyInjection;
using Temporalio.Worker;

namespace Temporalio.Extensions.Hosting;

/// <inheritdoc/>
public class TemporalWorkerServiceOptionsBuilder : ITemporalWorkerServiceOptionsBuilder
{
    private readonly string? buildId;

    public TemporalWorkerServiceOptionsBuilder(string taskQueue, IServiceCollection services)
        : this(taskQueue, (WorkerDeploymentOptions?)null, services)
    {
    }

    public TemporalWorkerServiceOptionsBuilder(string taskQueue, string? buildId, IServiceCollection services)
        : this(taskQueue, (WorkerDeploymentOptions?)null, services) => this.buildId = buildId;

    public TemporalWorkerServiceOptionsBuilder(string taskQueue, WorkerDeploymentOptions? deploymentOptions, IServiceCollection services)
    {
        TaskQueue = taskQueue;
        DeploymentOptions = deploymentOptions;
        Services = services;
    }

    /// <inheritdoc/>
    public string TaskQueue { get; private init; }

    /// <inheritdoc/>
    [Obsolete("Use DeploymentOptions instead")]
    public string? BuildId => buildId;

    /// <inheritdoc/>
    public WorkerDeploymentOptions? DeploymentOptions { get; private init; }

    /// <inheritdoc/>
    public IServiceCollection Services { get; private init; }
}
