using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Schedule.V1;
using Range = Temporalio.Api.Schedule.V1.Range;

namespace Durable.Server.Schedules;

/// <summary>Calendars written as text (<c>hour: "9-17/2"</c>) and cron lines, read into structured calendars and intervals.</summary>
/// <remarks>All methods throw <see cref="FormatException"/> with a message for the caller.</remarks>
internal static class CalendarText
{
    private static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    private static readonly string[] Days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    // The shortest part of a name that is taken for it.
    private const int ShortestName = 3;

    public static StructuredCalendarSpec Parse(CalendarSpec text) => new()
    {
        Second = { Field(text.Second, "Second", "0", 0, 59) },
        Minute = { Field(text.Minute, "Minute", "0", 0, 59) },
        Hour = { Field(text.Hour, "Hour", "0", 0, 23) },
        DayOfMonth = { Field(text.DayOfMonth, "DayOfMonth", "*", 1, 31) },
        Month = { Field(text.Month, "Month", "*", 1, 12, Months, firstName: 1) },
        Year = { text.Year is "" or "*" ? [] : Field(text.Year, "Year", "*", ScheduleCalendar.FirstYear, ScheduleCalendar.LastYear) },
        DayOfWeek = { WithSundayFirst(Field(text.DayOfWeek, "DayOfWeek", "*", 0, 7, Days)) },
        Comment = text.Comment,
    };

    /// <summary>
    /// Five fields as cron has them, six with a year behind, seven with seconds in front as well; <c>@daily</c> and its kin;
    /// <c>@every interval[/phase]</c>; <c>CRON_TZ=</c> or <c>TZ=</c> in front, <c># comment</c> behind. Unlike in cron, a day has to match both day fields.
    /// </summary>
    public static (StructuredCalendarSpec? Calendar, IntervalSpec? Interval, string TimeZone) ParseCron(string line)
    {
        var text = line.Trim();
        var zone = "";
        if (text.StartsWith("CRON_TZ=", StringComparison.Ordinal) || text.StartsWith("TZ=", StringComparison.Ordinal))
        {
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0)
            {
                throw new FormatException($"cron string \"{line}\" has a time zone and nothing else");
            }
            zone = text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..space];
            text = text[space..].Trim();
        }
        var comment = "";
        if (text.IndexOf('#', StringComparison.Ordinal) is var hash and >= 0)
        {
            comment = text[(hash + 1)..].Trim();
            text = text[..hash].Trim();
        }
        if (text.StartsWith("@every", StringComparison.Ordinal))
        {
            return (null, Every(text["@every".Length..].Trim(), line), "");
        }
        var fields = CronSchedule.Expand(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var calendar = fields switch
        {
            [var minute, var hour, var day, var month, var weekday] =>
                new CalendarSpec { Minute = minute, Hour = hour, DayOfMonth = day, Month = month, DayOfWeek = weekday },
            [var minute, var hour, var day, var month, var weekday, var year] =>
                new CalendarSpec { Minute = minute, Hour = hour, DayOfMonth = day, Month = month, DayOfWeek = weekday, Year = year },
            [var second, var minute, var hour, var day, var month, var weekday, var year] =>
                new CalendarSpec { Second = second, Minute = minute, Hour = hour, DayOfMonth = day, Month = month, DayOfWeek = weekday, Year = year },
            _ => throw new FormatException($"cron string \"{line}\" does not have 5-7 fields"),
        };
        calendar.Comment = comment;
        return (Parse(calendar), null, zone);
    }

    private static IntervalSpec Every(string text, string line)
    {
        var parts = text.Split('/');
        if (parts.Length > 2)
        {
            throw new FormatException($"cron string \"{line}\" is not @every interval[/phase]");
        }
        return new IntervalSpec
        {
            Interval = CronSchedule.GoDuration(parts[0]).ToDuration(),
            Phase = parts.Length == 2 ? CronSchedule.GoDuration(parts[1]).ToDuration() : null,
        };
    }

    private static List<Range> Field(string text, string field, string empty, int minimum, int maximum, string[]? names = null, int firstName = 0)
    {
        var ranges = new List<Range>();
        foreach (var part in (text.Length == 0 ? empty : text).Split(','))
        {
            var (range, step) = part.Trim().Split('/') switch
            {
                [var all] => (all, 0),
                [var some, var by] when int.TryParse(by, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => (some, number),
                _ => throw Wrong(),
            };
            int start, end;
            if (range is "*" or "?")
            {
                (start, end) = (minimum, maximum == 7 ? 6 : maximum);
            }
            else
            {
                var bounds = range.Split('-');
                start = Number(bounds[0]);
                end = bounds.Length == 2 ? Number(bounds[1]) : bounds.Length > 2 ? throw Wrong() : step > 0 ? maximum == 7 ? 6 : maximum : start;
            }
            if (start < minimum || end > maximum || end < start)
            {
                throw new FormatException($"{field} \"{part}\" is not in range [{minimum}-{maximum}]");
            }
            ranges.Add(new Range { Start = start, End = end, Step = Math.Max(step, 1) });
        }
        return ranges;

        int Number(string value)
        {
            value = value.Trim();
            if (value.Length >= ShortestName && names is not null
                && Array.FindIndex(names, name => name.StartsWith(value, StringComparison.OrdinalIgnoreCase)) is var index and >= 0)
            {
                return index + firstName;
            }
            return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong();
        }

        FormatException Wrong() => new($"{field} is not in a valid format: \"{text}\"");
    }

    /// <summary>7 is another name of Sunday; a structured calendar knows 0 only.</summary>
    private static IEnumerable<Range> WithSundayFirst(List<Range> days)
    {
        foreach (var range in days)
        {
            if (range.End < 7)
            {
                yield return range;
                continue;
            }
            for (var day = range.Start; day <= range.End; day += range.Step)
            {
                yield return new Range { Start = day % 7, End = day % 7, Step = 1 };
            }
        }
    }
}
