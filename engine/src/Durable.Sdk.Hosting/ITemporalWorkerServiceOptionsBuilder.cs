using Microsoft.Extensions.DependencyInjection;
using Temporalio.Worker;

namespace Temporalio.Extensions.Hosting;

/// <summary>Registers what one hosted worker runs; see <see cref="TemporalWorkerServiceOptionsBuilderExtensions"/>.</summary>
public interface ITemporalWorkerServiceOptionsBuilder
{
    string TaskQueue { get; }

    [Obsolete("Use DeploymentOptions instead")]
    string? BuildId { get; }

    WorkerDeploymentOptions? DeploymentOptions { get; }

    IServiceCollection Services { get; }
}
