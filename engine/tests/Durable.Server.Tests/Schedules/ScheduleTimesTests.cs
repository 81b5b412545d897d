using System.Globalization;
using Durable.Server.Schedules;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Schedule.V1;
using Range = Temporalio.Api.Schedule.V1.Range;

namespace Durable.Server.Tests.Schedules;

public class ScheduleTimesTests
{
    // cron line, after, the times that follow
    [Theory]
    [InlineData("0 12 * * *", "2026-01-01T12:00:00Z", "2026-01-02T12:00:00Z", "2026-01-03T12:00:00Z")]
    [InlineData("*/20 9-10 * * mon-fri", "2026-01-02T10:30:00Z", "2026-01-02T10:40:00Z", "2026-01-05T09:00:00Z")]
    [InlineData("0 0 31 * *", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z")]
    [InlineData("0 0 29 feb *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z")]
    // Both day fields have to match: Friday the 13th.
    [InlineData("0 0 13 * 5", "2026-01-01T00:00:00Z", "2026-02-13T00:00:00Z", "2026-03-13T00:00:00Z")]
    [InlineData("0 0 * * 7", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z", "2026-01-11T00:00:00Z")]
    [InlineData("0 0 * * fri-7", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z")]
    [InlineData("30 5 1 1 * 2030-2040/5", "2026-01-01T00:00:00Z", "2030-01-01T05:30:00Z", "2035-01-01T05:30:00Z")]
    [InlineData("15/20 0 0 1 1 * *", "2026-01-01T00:00:15Z", "2026-01-01T00:00:35Z", "2026-01-01T00:00:55Z")]
    [InlineData("@weekly", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z", "2026-01-11T00:00:00Z")]
    [InlineData("@every 90m", "1970-01-01T00:00:00Z", "1970-01-01T01:30:00Z", "1970-01-01T03:00:00Z")]
    [InlineData("@every 1h/10m", "2026-01-01T00:10:00Z", "2026-01-01T01:10:00Z", "2026-01-01T02:10:00Z")]
    [InlineData("@every 1d", "2026-01-01T00:00:00.5Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z")]
    // 2026-03-29 02:00 to 03:00 does not happen in Berlin; 2026-10-25 02:00 to 03:00 happens twice, and is taken once.
    [InlineData("CRON_TZ=Europe/Berlin 30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z")]
    [InlineData("TZ=Europe/Berlin 30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("CRON_TZ=Europe/Berlin 0 12 * * * # lunch", "2026-07-01T12:00:00Z", "2026-07-02T10:00:00Z", "2026-07-03T10:00:00Z")]
    public void Cron_NextTimes(string line, string after, string first, string second)
    {
        var times = Compile(new ScheduleSpec { CronString = { line } });
        times.Upcoming(Time(after), 2).ShouldBe([Time(first), Time(second)]);
    }

    [Fact]
    public void Interval_CountsFromTheEpoch_WithPhase()
    {
        var times = Compile(Every(3600, phaseSeconds: 600));
        times.Upcoming(Time("2026-11-21T12:14:21.495Z"), 2).ShouldBe([Time("2026-11-21T13:10:00Z"), Time("2026-11-21T14:10:00Z")]);
    }

    [Fact]
    public void SeveralParts_GiveTheEarliest_AndATimeOnce()
    {
        var spec = Every(3600);
        spec.CronString.Add("0,30 * * * *");
        Compile(spec).Upcoming(Time("2026-01-01T00:00:00Z"), 3)
            .ShouldBe([Time("2026-01-01T00:30:00Z"), Time("2026-01-01T01:00:00Z"), Time("2026-01-01T01:30:00Z")]);
    }

    [Fact]
    public void StartAndEnd_AreBothWithin()
    {
        var spec = Every(60);
        spec.StartTime = Time("2026-01-01T00:05:00Z").ToTimestamp();
        spec.EndTime = Time("2026-01-01T00:06:00Z").ToTimestamp();
        Compile(spec).Upcoming(Time("2026-01-01T00:00:00Z"), 9).ShouldBe([Time("2026-01-01T00:05:00Z"), Time("2026-01-01T00:06:00Z")]);
    }

    [Fact]
    public void ExcludedCalendar_TakesTimesOut()
    {
        var spec = new ScheduleSpec { CronString = { "0 9 * * *" }, ExcludeStructuredCalendar = { EveryMinuteOfDecember() } };
        Compile(spec).Upcoming(Time("2026-11-30T00:00:00Z"), 2).ShouldBe([Time("2026-11-30T09:00:00Z"), Time("2027-01-01T09:00:00Z")]);
    }

    [Fact]
    public void EmptySpec_HasNoTimes() => Compile(new ScheduleSpec()).Next(Time("2026-01-01T00:00:00Z")).ShouldBeNull();

    [Fact]
    public void CalendarWithoutRanges_MatchesNothing() =>
        Compile(new ScheduleSpec { StructuredCalendar = { new StructuredCalendarSpec { Minute = { new Range { Start = 1 } } } } }).Next(Time("2026-01-01T00:00:00Z")).ShouldBeNull();

    [Fact]
    public void Jitter_IsTheSameEachTime_SpreadsAndKeepsTheOrder()
    {
        var spec = Every(60);
        spec.Jitter = TimeSpan.FromHours(1).ToDuration();
        var start = Time("2026-01-01T00:00:00Z");
        var times = Compile(spec).Upcoming(start, 200).ToList();
        Compile(spec).Upcoming(start, 200).ShouldBe(times);
        times.ShouldBeInOrder();
        for (var i = 0; i < times.Count; i++)
        {
            var nominal = start.AddMinutes(i + 1);
            times[i].ShouldBeInRange(nominal, nominal.AddMinutes(1));
        }
        times.Select(static time => time.Second / 15).Distinct().Count().ShouldBe(4);
    }

    private static ScheduleTimes Compile(ScheduleSpec spec) => new(ScheduleSpecs.Canonical(spec), "seed");

    private static ScheduleSpec Every(int seconds, int phaseSeconds = 0) => new()
    {
        Interval = { new IntervalSpec { Interval = TimeSpan.FromSeconds(seconds).ToDuration(), Phase = TimeSpan.FromSeconds(phaseSeconds).ToDuration() } },
    };

    private static StructuredCalendarSpec EveryMinuteOfDecember() => new()
    {
        Second = { new Range { Start = 0, End = 59 } },
        Minute = { new Range { Start = 0, End = 59 } },
        Hour = { new Range { Start = 0, End = 23 } },
        DayOfMonth = { new Range { Start = 1, End = 31 } },
        Month = { new Range { Start = 12 } },
        DayOfWeek = { new Range { Start = 0, End = 6 } },
    };

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
