using System.Globalization;

namespace Durable.Server.Schedules;

/// <summary>A cron line as Temporal takes it: five fields, @hourly and its kin, @every DURATION, with CRON_TZ= or TZ= in front.</summary>
public sealed class CronSchedule
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private readonly ulong minutes;
    private readonly ulong hours;
    private readonly ulong daysOfMonth;
    private readonly ulong months;
    private readonly ulong daysOfWeek;
    private readonly bool anyDayOfMonth;
    private readonly bool anyDayOfWeek;
    private readonly TimeSpan? every;

    private readonly TimeZoneInfo zone;

    private CronSchedule(TimeSpan every)
    {
        this.every = every;
        zone = TimeZoneInfo.Utc;
    }

    private CronSchedule(string[] fields, TimeZoneInfo zone)
    {
        this.zone = zone;
        minutes = Field(fields[0], 0, 59, null);
        hours = Field(fields[1], 0, 23, null);
        daysOfMonth = Field(fields[2], 1, 31, null);
        months = Field(fields[3], 1, 12, Months);
        daysOfWeek = Field(fields[4], 0, 7, Days);
        if ((daysOfWeek & (1UL << 7)) != 0)
        {
            daysOfWeek |= 1;
        }
        anyDayOfMonth = fields[2] is "*" or "?";
        anyDayOfWeek = fields[4] is "*" or "?";
    }

    /// <returns>Null, and what is wrong with it, when the line is not a cron schedule.</returns>
    public static CronSchedule? TryParse(string line, out string? error)
    {
        try
        {
            error = null;
            return Parse(line.Trim());
        }
        catch (FormatException wrong)
        {
            error = wrong.Message;
            return null;
        }
    }

    /// <summary>The interval of an @every line.</summary>
    public TimeSpan? Every => every;

    /// <summary>The first time after <paramref name="now"/>; @every counts from <paramref name="start"/>.</summary>
    public DateTimeOffset? Next(DateTimeOffset start, DateTimeOffset now)
    {
        if (every is { } interval)
        {
            var passed = (now - start).Ticks / interval.Ticks;
            return start + (interval * (Math.Max(passed, 0) + 1));
        }
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        var candidate = new DateTime(local.Year, local.Month, local.Day, local.Hour, local.Minute, 0).AddMinutes(1);
        var end = candidate.AddYears(5);
        while (candidate < end)
        {
            if (!Has(months, candidate.Month))
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
                candidate = candidate.AddMinutes(1);
            }
            else
            {
                return new DateTimeOffset(candidate, zone.GetUtcOffset(candidate)).ToUniversalTime();
            }
        }
        return null;
    }

    private static CronSchedule Parse(string line)
    {
        var zone = TimeZoneInfo.Utc;
        if (line.StartsWith("CRON_TZ=", StringComparison.Ordinal) || line.StartsWith("TZ=", StringComparison.Ordinal))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0 || !TimeZoneInfo.TryFindSystemTimeZoneById(line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..space], out var found))
            {
                throw new FormatException($"provided bad location in \"{line}\"");
            }
            zone = found;
            line = line[space..].Trim();
        }
        if (line.StartsWith("@every ", StringComparison.Ordinal))
        {
            var interval = GoDuration(line[7..].Trim());
            return interval >= TimeSpan.FromSeconds(1) ? new CronSchedule(interval) : throw new FormatException($"failed to parse duration {line}");
        }
        var fields = Expand(line).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 5
            ? new CronSchedule(fields, zone)
            : throw new FormatException($"expected exactly 5 fields, found {fields.Length}: [{line}]");
    }

    /// <summary>The five fields that a name such as <c>@daily</c> stands for; any other line as it is.</summary>
    internal static string Expand(string line) => line switch
    {
        "@yearly" or "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" or "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => line,
    };

    /// <summary>A duration as Go writes it: <c>1h30m</c>, with <c>d</c> for days as well.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    internal static TimeSpan GoDuration(string text)
    {
        var total = TimeSpan.Zero;
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var digits = 0;
            while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.'))
            {
                digits++;
            }
            if (digits == 0 || !double.TryParse(rest[..digits], CultureInfo.InvariantCulture, out var number))
            {
                throw new FormatException($"failed to parse duration @every {text}");
            }
            rest = rest[digits..];
            var (unit, length) = rest switch
            {
                ['m', 's', ..] => (TimeSpan.FromMilliseconds(1), 2),
                ['d', ..] => (TimeSpan.FromDays(1), 1),
                ['h', ..] => (TimeSpan.FromHours(1), 1),
                ['m', ..] => (TimeSpan.FromMinutes(1), 1),
                ['s', ..] => (TimeSpan.FromSeconds(1), 1),
                _ => throw new FormatException($"failed to parse duration @every {text}"),
            };
            total += unit * number;
            rest = rest[length..];
        }
        return total;
    }

    private static ulong Field(string text, int minimum, int maximum, string[]? names)
    {
        ulong bits = 0;
        foreach (var part in text.Split(','))
        {
            var (range, step) = part.Split('/') switch
            {
                [var all] => (all, 1),
                [var some, var by] when int.TryParse(by, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => (some, number),
                _ => throw new FormatException($"failed to parse step in {part}"),
            };
            int from, to;
            if (range is "*" or "?")
            {
                (from, to) = (minimum, maximum == 7 ? 6 : maximum);
            }
            else
            {
                var bounds = range.Split('-');
                from = Number(bounds[0], names);
                to = bounds.Length == 2 ? Number(bounds[1], names) : part.Contains('/', StringComparison.Ordinal) ? maximum : from;
            }
            if (from < minimum || to > maximum || from > to)
            {
                throw new FormatException($"{part} is outside {minimum}-{maximum}");
            }
            for (var i = from; i <= to; i += step)
            {
                bits |= 1UL << i;
            }
        }
        return bits;
    }

    private static int Number(string text, string[]? names)
    {
        if (names is not null && Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is var index and >= 0)
        {
            return names.Length == 12 ? index + 1 : index;
        }
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"failed to parse int from {text}");
    }

    private static bool Has(ulong bits, int value) => (bits & (1UL << value)) != 0;

    private bool DayMatches(DateTime day)
    {
        var ofMonth = Has(daysOfMonth, day.Day);
        var ofWeek = Has(daysOfWeek, (int)day.DayOfWeek);
        return anyDayOfMonth || anyDayOfWeek ? ofMonth && ofWeek : ofMonth || ofWeek;
    }
}
