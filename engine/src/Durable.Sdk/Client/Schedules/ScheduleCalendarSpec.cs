namespace Temporalio.Client.Schedules;

/// <summary>Matches the times all of whose parts match. The defaults match midnight of each day.</summary>
public record ScheduleCalendarSpec
{
    /// <summary>0: the default of second, minute and hour.</summary>
    public static readonly IReadOnlyCollection<ScheduleRange> Beginning = [ScheduleRange.Zero];

    /// <summary>1 to 31.</summary>
    public static readonly IReadOnlyCollection<ScheduleRange> AllMonthDays = [new(1, 31)];

    /// <summary>1 to 12.</summary>
    public static readonly IReadOnlyCollection<ScheduleRange> AllMonths = [new(1, 12)];

    /// <summary>0 (Sunday) to 6.</summary>
    public static readonly IReadOnlyCollection<ScheduleRange> AllWeekDays = [new(0, 6)];

    public ScheduleCalendarSpec()
    {
    }

    public IReadOnlyCollection<ScheduleRange> Second { get; init; } = Beginning;

    public IReadOnlyCollection<ScheduleRange> Minute { get; init; } = Beginning;

    public IReadOnlyCollection<ScheduleRange> Hour { get; init; } = Beginning;

    public IReadOnlyCollection<ScheduleRange> DayOfMonth { get; init; } = AllMonthDays;

    public IReadOnlyCollection<ScheduleRange> Month { get; init; } = AllMonths;

    /// <summary>Empty: every year.</summary>
    public IReadOnlyCollection<ScheduleRange> Year { get; init; } = [];

    public IReadOnlyCollection<ScheduleRange> DayOfWeek { get; init; } = AllWeekDays;

    public string? Comment { get; init; }
}
