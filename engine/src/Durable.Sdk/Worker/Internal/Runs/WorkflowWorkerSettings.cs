namespace Temporalio.Worker.Internal.Runs;

/// <summary>The numbers of a <see cref="WorkflowWorker"/>, and its neighbours.</summary>
internal sealed class WorkflowWorkerSettings
{
    public required Slots Slots { get; init; }

    public required int MaxPolls { get; init; }

    public required float NonStickyRatio { get; init; }

    public required int MaxCached { get; init; }

    public required TimeSpan StickyTimeout { get; init; }

    public required bool DetectsDeadlocks { get; init; }

    public required IEagerActivities EagerActivities { get; init; }

    public required ILocalActivities LocalActivities { get; init; }
}
