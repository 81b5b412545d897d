using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Internal.Runs;

/// <summary>The numbers of a <see cref="WorkflowWorker"/>, and its neighbours.</summary>
internal sealed class WorkflowWorkerSettings
{
    public required Slots Slots { get; init; }

    public required PollerBehavior Polls { get; init; }

    /// <summary>Which part of a fixed number of polls is for the queue that all workers share.</summary>
    public required float NonStickyRatio { get; init; }

    public required int MaxCached { get; init; }

    public required TimeSpan StickyTimeout { get; init; }

    public required bool DetectsDeadlocks { get; init; }

    public required IEagerActivities EagerActivities { get; init; }

    public required ILocalActivities LocalActivities { get; init; }
}
