namespace Temporalio.Client.Schedules;

/// <summary>When: the times that any calendar, interval or cron expression matches, without those that <see cref="Skip"/> matches.</summary>
public record ScheduleSpec
{
    public ScheduleSpec()
    {
    }

    public IReadOnlyCollection<ScheduleCalendarSpec> Calendars { get; init; } = [];

    public IReadOnlyCollection<ScheduleIntervalSpec> Intervals { get; init; } = [];

    /// <summary>Five to seven fields, or such as "@hourly" and "@every 10m"; the server turns them into calendars and intervals.</summary>
    public IReadOnlyCollection<string> CronExpressions { get; init; } = [];

    public IReadOnlyCollection<ScheduleCalendarSpec> Skip { get; init; } = [];

    /// <summary>Nothing before this time, in UTC.</summary>
    public DateTime? StartAt { get; init; }

    /// <summary>Nothing after this time, in UTC.</summary>
    public DateTime? EndAt { get; init; }

    /// <summary>Each time is moved by a random part of this.</summary>
    public TimeSpan? Jitter { get; init; }

    /// <summary>An IANA name for calendars and cron expressions, such as "Europe/Berlin". Null: UTC.</summary>
    public string? TimeZoneName { get; init; }
}
