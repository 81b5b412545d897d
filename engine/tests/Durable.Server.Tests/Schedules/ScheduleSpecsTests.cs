using Durable.Protocol;
using Durable.Server.Schedules;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Schedule.V1;
using Range = Temporalio.Api.Schedule.V1.Range;

namespace Durable.Server.Tests.Schedules;

public class ScheduleSpecsTests
{
    [Fact]
    public void CalendarText_BecomesStructured_WithItsDefaults()
    {
        var spec = ScheduleSpecs.Canonical(new ScheduleSpec
        {
            Calendar = { new CalendarSpec { Hour = "8-17/3", DayOfWeek = "mon,WEDNESDAY", Comment = "office" } },
        });
        spec.Calendar.ShouldBeEmpty();
        spec.StructuredCalendar.ShouldHaveSingleItem().ShouldBe(new StructuredCalendarSpec
        {
            Second = { One(0) },
            Minute = { One(0) },
            Hour = { new Range { Start = 8, End = 17, Step = 3 } },
            DayOfMonth = { new Range { Start = 1, End = 31, Step = 1 } },
            Month = { new Range { Start = 1, End = 12, Step = 1 } },
            DayOfWeek = { One(1), One(3) },
            Comment = "office",
        });
    }

    [Fact]
    public void Cron_BecomesStructured_ItsZoneGoesToTheSpec()
    {
        var spec = ScheduleSpecs.Canonical(new ScheduleSpec { CronString = { "CRON_TZ=America/New_York 5 4 * * *" } });
        spec.CronString.ShouldBeEmpty();
        spec.TimezoneName.ShouldBe("America/New_York");
        spec.StructuredCalendar.ShouldHaveSingleItem().Minute.ShouldBe([One(5)]);
    }

    [Fact]
    public void Ranges_AreCompleted() =>
        ScheduleSpecs.Canonical(new ScheduleSpec { StructuredCalendar = { new StructuredCalendarSpec { Hour = { new Range { Start = 7 } } } } })
            .StructuredCalendar[0].Hour.ShouldBe([One(7)]);

    public static TheoryData<string, ScheduleSpec, string> Refused => new()
    {
        { "hour", Structured(new StructuredCalendarSpec { Hour = { new Range { Start = 24 } } }), "invalid calendar spec: Hour Start is not in range [0-23]" },
        { "two", Structured(new StructuredCalendarSpec { Month = { new Range { Start = 0 } }, Minute = { new Range { Start = 9, End = 8 } } }),
            "invalid calendar spec: Minute End is before Start or not in range [0-59], Month Start is not in range [1-12]" },
        { "step", Structured(new StructuredCalendarSpec { Second = { new Range { Step = -1 } } }), "invalid calendar spec: Second has invalid Step" },
        { "interval", Every(0), "Interval is too small" },
        { "phase", Every(60, 60), "Phase cannot be greater than Interval" },
        { "negative phase", Every(60, -1), "Phase is negative" },
        { "fields", new ScheduleSpec { CronString = { "1 2 3" } }, "cron string \"1 2 3\" does not have 5-7 fields" },
        { "value", new ScheduleSpec { CronString = { "x * * * *" } }, "Minute is not in a valid format: \"x\"" },
        { "range", new ScheduleSpec { CronString = { "61 * * * *" } }, "Minute \"61\" is not in range [0-59]" },
        { "zones", new ScheduleSpec { CronString = { "TZ=Europe/Berlin 1 * * * *", "TZ=Asia/Tokyo 1 * * * *" } }, "conflicting timezone names in spec" },
        { "no zone", new ScheduleSpec { TimezoneName = "Nowhere/At_All" }, "unknown time zone Nowhere/At_All" },
        { "jitter", new ScheduleSpec { Jitter = TimeSpan.FromSeconds(-1).ToDuration() }, "Jitter is negative" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void BadSpec_IsRefused_NamingFieldAndLimit(string name, ScheduleSpec spec, string message)
    {
        name.ShouldNotBeEmpty();
        var fault = Should.Throw<RpcFaultException>(() => ScheduleSpecs.Canonical(spec));
        fault.Code.ShouldBe(RpcStatusCode.InvalidArgument);
        fault.Message.ShouldBe(message);
    }

    private static Range One(int value) => new() { Start = value, End = value, Step = 1 };

    private static ScheduleSpec Structured(StructuredCalendarSpec calendar) => new() { StructuredCalendar = { calendar } };

    private static ScheduleSpec Every(int seconds, int phaseSeconds = 0) => new()
    {
        Interval = { new IntervalSpec { Interval = TimeSpan.FromSeconds(seconds).ToDuration(), Phase = TimeSpan.FromSeconds(phaseSeconds).ToDuration() } },
    };
}
