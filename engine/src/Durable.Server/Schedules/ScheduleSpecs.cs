using Durable.Protocol;
using Durable.Server.Executions;
using Temporalio.Api.Schedule.V1;
using Range = Temporalio.Api.Schedule.V1.Range;

namespace Durable.Server.Schedules;

/// <summary>The one form in which specs are stored and shown: structured calendars and intervals, ranges complete.</summary>
internal static class ScheduleSpecs
{
    private const int LongestComment = 200;

    /// <exception cref="RpcFaultException">INVALID_ARGUMENT, naming the field and its limits.</exception>
    public static ScheduleSpec Canonical(ScheduleSpec? given)
    {
        var spec = given?.Clone() ?? new ScheduleSpec();
        try
        {
            spec.StructuredCalendar.AddRange(spec.Calendar.Select(CalendarText.Parse));
            spec.Calendar.Clear();
#pragma warning disable CS0612 // The deprecated field still has to mean what it meant.
            spec.ExcludeStructuredCalendar.AddRange(spec.ExcludeCalendar.Select(CalendarText.Parse));
            spec.ExcludeCalendar.Clear();
#pragma warning restore CS0612
            ReadCron(spec);
        }
        catch (FormatException wrong)
        {
            throw Faults.InvalidArgument(wrong.Message);
        }
        foreach (var calendar in spec.StructuredCalendar.Concat(spec.ExcludeStructuredCalendar))
        {
            Check(calendar);
            Complete(calendar);
        }
        foreach (var interval in spec.Interval)
        {
            Check(interval);
        }
        RequireNotNegative(spec);
        Zone(spec);
        return spec;
    }

    /// <exception cref="RpcFaultException">INVALID_ARGUMENT: no such time zone, or one that comes as data.</exception>
    public static TimeZoneInfo Zone(ScheduleSpec spec)
    {
        if (!spec.TimezoneData.IsEmpty)
        {
            throw Faults.InvalidArgument("TimezoneData is not supported by this server: use TimezoneName.");
        }
        if (spec.TimezoneName.Length == 0)
        {
            return TimeZoneInfo.Utc;
        }
        return TimeZoneInfo.TryFindSystemTimeZoneById(spec.TimezoneName, out var zone)
            ? zone
            : throw Faults.InvalidArgument($"unknown time zone {spec.TimezoneName}");
    }

    private static void ReadCron(ScheduleSpec spec)
    {
        string? cronZone = null;
        foreach (var line in spec.CronString)
        {
            var (calendar, interval, zone) = CalendarText.ParseCron(line);
            if (cronZone is not null && zone != cronZone)
            {
                throw new FormatException("conflicting timezone names in spec");
            }
            cronZone = zone;
            if (calendar is not null)
            {
                spec.StructuredCalendar.Add(calendar);
            }
            else
            {
                spec.Interval.Add(interval);
            }
        }
        spec.CronString.Clear();
        if (cronZone is { Length: > 0 })
        {
            if ((spec.TimezoneName.Length > 0 && spec.TimezoneName != cronZone) || !spec.TimezoneData.IsEmpty)
            {
                throw new FormatException("conflicting timezone names in spec");
            }
            spec.TimezoneName = cronZone;
        }
    }

    private static void Check(StructuredCalendarSpec calendar)
    {
        var errors = new List<string>();
        CheckRanges(errors, calendar.Second, "Second", 0, 59);
        CheckRanges(errors, calendar.Minute, "Minute", 0, 59);
        CheckRanges(errors, calendar.Hour, "Hour", 0, 23);
        CheckRanges(errors, calendar.DayOfMonth, "DayOfMonth", 1, 31);
        CheckRanges(errors, calendar.Month, "Month", 1, 12);
        CheckRanges(errors, calendar.Year, "Year", ScheduleCalendar.FirstYear, ScheduleCalendar.LastYear);
        CheckRanges(errors, calendar.DayOfWeek, "DayOfWeek", 0, 6);
        if (calendar.Comment.Length > LongestComment)
        {
            errors.Add("comment is too long");
        }
        if (errors.Count > 0)
        {
            throw Faults.InvalidArgument("invalid calendar spec: " + string.Join(", ", errors));
        }
    }

    private static void CheckRanges(List<string> errors, IEnumerable<Range> ranges, string field, int minimum, int maximum)
    {
        foreach (var range in ranges)
        {
            if (range.Start < minimum || range.Start > maximum)
            {
                errors.Add($"{field} Start is not in range [{minimum}-{maximum}]");
            }
            if (range.End != 0 && (range.End < range.Start || range.End > maximum))
            {
                errors.Add($"{field} End is before Start or not in range [{minimum}-{maximum}]");
            }
            if (range.Step < 0)
            {
                errors.Add($"{field} has invalid Step");
            }
        }
    }

    private static void Complete(StructuredCalendarSpec calendar)
    {
        IEnumerable<Range>[] fields =
            [calendar.Second, calendar.Minute, calendar.Hour, calendar.DayOfMonth, calendar.Month, calendar.Year, calendar.DayOfWeek];
        foreach (var range in fields.SelectMany(static ranges => ranges))
        {
            range.End = Math.Max(range.End, range.Start);
            range.Step = Math.Max(range.Step, 1);
        }
    }

    private static void Check(IntervalSpec spec)
    {
        var interval = spec.Interval?.ToTimeSpan() ?? TimeSpan.Zero;
        var phase = spec.Phase?.ToTimeSpan() ?? TimeSpan.Zero;
        if (interval < TimeSpan.FromSeconds(1))
        {
            throw Faults.InvalidArgument("Interval is too small");
        }
        if (phase < TimeSpan.Zero)
        {
            throw Faults.InvalidArgument("Phase is negative");
        }
        if (phase >= interval)
        {
            throw Faults.InvalidArgument("Phase cannot be greater than Interval");
        }
    }

    private static void RequireNotNegative(ScheduleSpec spec)
    {
        if (spec.Jitter?.ToTimeSpan() < TimeSpan.Zero)
        {
            throw Faults.InvalidArgument("Jitter is negative");
        }
    }
}
