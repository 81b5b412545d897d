namespace Temporalio.Client.Schedules;

/// <summary>Whether a schedule runs.</summary>
public record ScheduleState
{
    public ScheduleState()
    {
    }

    public string? Note { get; init; }

    public bool Paused { get; init; }

    /// <summary>Whether <see cref="RemainingActions"/> counts.</summary>
    public bool LimitedActions { get; init; }

    /// <summary>How many actions are left; at 0 it does nothing more.</summary>
    public long RemainingActions { get; init; }
}
