using Microsoft.Extensions.Logging;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Worker.Interceptors;

namespace Temporalio.Worker.Internal.Language;

/// <summary>What all workflow instances of a worker or replayer share.</summary>
internal sealed class WorkflowEnvironmentInfo
{
    public required string Namespace { get; init; }

    public required string TaskQueue { get; init; }

    public required DataConverter DataConverter { get; init; }

    /// <summary>From the outside in.</summary>
    public required IReadOnlyList<IWorkerInterceptor> Interceptors { get; init; }

    public required ILoggerFactory LoggerFactory { get; init; }

    public required MetricMeter MetricMeter { get; init; }

    public required IReadOnlyCollection<Type> FailureExceptionTypes { get; init; }

    public required WorkflowStackTrace StackTrace { get; init; }

    public required bool DisableEagerActivities { get; init; }

    public required bool WatchesScheduling { get; init; }

    /// <summary>Throws when the worker cannot run a local activity of this name.</summary>
    public Action<string> CheckLocalActivity { get; init; } = static _ => { };

    public Action<WorkflowInstance>? OnStarting { get; init; }

    public Action<WorkflowInstance, Exception?>? OnCompleted { get; init; }
}
