using Temporalio.Api.Enums.V1;

namespace Temporalio.Client.Schedules;

/// <summary>What happens when actions overlap, are late, or fail.</summary>
public record SchedulePolicy
{
    public SchedulePolicy()
    {
    }

    /// <summary>When an action is due while the workflow of the last one still runs. Default: skip it.</summary>
    public ScheduleOverlapPolicy Overlap { get; init; } = ScheduleOverlapPolicy.Skip;

    /// <summary>How late an action may be taken after the server was down. Default 365 days; servers take no less than 10 s.</summary>
    public TimeSpan CatchupWindow { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Pauses after a workflow failed or timed out.</summary>
    public bool PauseOnFailure { get; init; }
}
