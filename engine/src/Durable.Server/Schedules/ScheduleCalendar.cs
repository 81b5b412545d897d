using Temporalio.Api.Schedule.V1;

namespace Durable.Server.Schedules;

/// <summary>A structured calendar, compiled: which seconds of a time zone's wall clock it matches.</summary>
/// <remarks>
/// All fields have to match; an empty year list matches every year, any other empty list nothing. A wall clock time that a change to
/// summer time leaves out does not happen; one that happens twice matches the first time, and the second when the first has passed.
/// </remarks>
internal sealed class ScheduleCalendar
{
    public const int FirstYear = 2000;
    public const int LastYear = 2100;

    private readonly ulong seconds;
    private readonly ulong minutes;
    private readonly ulong hours;
    private readonly ulong daysOfMonth;
    private readonly ulong months;
    private readonly ulong daysOfWeek;
    private readonly HashSet<int>? years;
    private readonly TimeZoneInfo zone;

    public ScheduleCalendar(StructuredCalendarSpec spec, TimeZoneInfo zone)
    {
        this.zone = zone;
        seconds = Bits(spec.Second);
        minutes = Bits(spec.Minute);
        hours = Bits(spec.Hour);
        daysOfMonth = Bits(spec.DayOfMonth);
        months = Bits(spec.Month);
        daysOfWeek = Bits(spec.DayOfWeek);
        years = spec.Year.Count == 0 ? null : [.. spec.Year.SelectMany(Values)];
    }

    public bool Matches(DateTimeOffset time)
    {
        var local = TimeZoneInfo.ConvertTime(time, zone).DateTime;
        return (years?.Contains(local.Year) ?? true) && Has(months, local.Month) && DayMatches(local)
            && Has(hours, local.Hour) && Has(minutes, local.Minute) && Has(seconds, local.Second);
    }

    /// <summary>The first match after <paramref name="after"/>; null when there is none up to the year 2100.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var local = TimeZoneInfo.ConvertTime(after, zone).DateTime;
        var candidate = new DateTime(local.Year, local.Month, local.Day, local.Hour, local.Minute, local.Second).AddSeconds(1);
        while (candidate.Year <= LastYear)
        {
            if (years?.Contains(candidate.Year) == false)
            {
                candidate = new DateTime(candidate.Year + 1, 1, 1);
            }
            else if (!Has(months, candidate.Month))
            {
                candidate = new DateTime(candidate.Year, candidate.Month, 1).AddMonths(1);
            }
            else if (!DayMatches(candidate))
            {
                candidate = candidate.Date.AddDays(1);
            }
            else if (!Has(hours, candidate.Hour))
            {
                candidate = candidate.Date.AddHours(candidate.Hour + 1);
            }
            else if (!Has(minutes, candidate.Minute) || zone.IsInvalidTime(candidate))
            {
                candidate = candidate.Date.AddMinutes((candidate.Hour * 60) + candidate.Minute + 1);
            }
            else if (Has(seconds, candidate.Second) && ToUtc(candidate, after) is { } found)
            {
                return found;
            }
            else
            {
                candidate = candidate.AddSeconds(1);
            }
        }
        return null;
    }

    private DateTimeOffset? ToUtc(DateTime local, DateTimeOffset after)
    {
        if (!zone.IsAmbiguousTime(local))
        {
            return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        }
        foreach (var offset in zone.GetAmbiguousTimeOffsets(local).OrderDescending())
        {
            var utc = new DateTimeOffset(local, offset).ToUniversalTime();
            if (utc > after)
            {
                return utc;
            }
        }
        return null;
    }

    private bool DayMatches(DateTime day) => Has(daysOfMonth, day.Day) && Has(daysOfWeek, (int)day.DayOfWeek);

    private static bool Has(ulong bits, int value) => (bits & (1UL << value)) != 0;

    private static ulong Bits(IEnumerable<Temporalio.Api.Schedule.V1.Range> ranges) =>
        ranges.SelectMany(Values).Aggregate(0UL, static (bits, value) => bits | (1UL << value));

    private static IEnumerable<int> Values(Temporalio.Api.Schedule.V1.Range range)
    {
        for (var value = range.Start; value <= Math.Max(range.End, range.Start); value += Math.Max(range.Step, 1))
        {
            yield return value;
        }
    }
}
