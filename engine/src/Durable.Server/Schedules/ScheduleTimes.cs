using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Schedule.V1;

namespace Durable.Server.Schedules;

/// <summary>A time at which a schedule acts.</summary>
/// <param name="Nominal">As the spec has it, in whole seconds.</param>
/// <param name="Due">With jitter: when the action is taken.</param>
internal readonly record struct ScheduleTime(DateTimeOffset Nominal, DateTimeOffset Due);

/// <summary>A canonical spec, compiled: the times at which its schedule acts.</summary>
/// <remarks>The jitter of a time depends on the seed and the time alone, so that asking twice gives the same answer.</remarks>
internal sealed class ScheduleTimes
{
    private readonly ScheduleSpec spec;
    private readonly string jitterSeed;
    private readonly List<ScheduleCalendar> calendars;
    private readonly List<ScheduleCalendar> excluded;
    private readonly TimeSpan jitter;

    public ScheduleTimes(ScheduleSpec spec, string jitterSeed)
    {
        this.spec = spec;
        this.jitterSeed = jitterSeed;
        var zone = ScheduleSpecs.Zone(spec);
        calendars = [.. spec.StructuredCalendar.Select(calendar => new ScheduleCalendar(calendar, zone))];
        excluded = [.. spec.ExcludeStructuredCalendar.Select(calendar => new ScheduleCalendar(calendar, zone))];
        jitter = spec.Jitter?.ToTimeSpan() ?? TimeSpan.Zero;
    }

    /// <summary>The first time whose nominal time is after <paramref name="after"/>; null when there is none.</summary>
    public ScheduleTime? Next(DateTimeOffset after)
    {
        if (spec.StartTime?.ToDateTimeOffset() is { } start && start > after)
        {
            // The start itself counts; times are whole seconds.
            after = start.AddTicks(-1);
        }
        while (Nominal(after) is { } nominal)
        {
            if ((spec.EndTime?.ToDateTimeOffset() is { } end && nominal > end) || nominal.Year > ScheduleCalendar.LastYear)
            {
                return null;
            }
            after = nominal;
            if (!excluded.Exists(calendar => calendar.Matches(nominal)))
            {
                return new ScheduleTime(nominal, nominal + Jitter(nominal));
            }
        }
        return null;
    }

    /// <summary>Up to <paramref name="maximum"/> times after <paramref name="after"/>, as they will be acted upon.</summary>
    public IEnumerable<DateTimeOffset> Upcoming(DateTimeOffset after, int maximum)
    {
        for (var i = 0; i < maximum && Next(after) is { } next; i++)
        {
            yield return next.Due;
            after = next.Nominal;
        }
    }

    private DateTimeOffset? Nominal(DateTimeOffset after)
    {
        DateTimeOffset? first = null;
        foreach (var calendar in calendars)
        {
            first = Earlier(first, calendar.Next(after));
        }
        foreach (var interval in spec.Interval)
        {
            var every = (long)interval.Interval.ToTimeSpan().TotalSeconds;
            var phase = (long)(interval.Phase?.ToTimeSpan().TotalSeconds ?? 0);
            // Counted from the Unix epoch, so that schedules with one interval act together.
            var next = ((Math.DivRem(after.ToUnixTimeSeconds() - phase, every).Quotient + 1) * every) + phase;
            first = Earlier(first, DateTimeOffset.FromUnixTimeSeconds(next));
        }
        return first;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b ?? a : a;

    /// <summary>Never beyond the time that follows, so that the order stays.</summary>
    private TimeSpan Jitter(DateTimeOffset nominal)
    {
        if (jitter == TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }
        var most = Nominal(nominal) is { } following && following - nominal < jitter ? following - nominal : jitter;
        // FNV-1a: spreads well enough, and is the same in every process.
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var c in string.Create(CultureInfo.InvariantCulture, $"{jitterSeed} {nominal.ToUnixTimeSeconds()}"))
        {
            hash = unchecked((hash ^ c) * 1_099_511_628_211UL);
        }
        return TimeSpan.FromMilliseconds((long)(most.TotalMilliseconds * ((hash >> 11) / (double)(1UL << 53))));
    }
}
