using static Payments.Workflows.Tests.PaymentFixture;

namespace Payments.Workflows.Tests;

/// <summary>Each row of <see cref="PaymentState.Transitions"/> is taken by a payment that runs: from the one status, through the event, to the other, and lists show it.</summary>
public class PaymentTransitionsTests
{
    private const string Id = "p";

    /// <summary>How to get there and what makes it happen. The status before and after comes from the table.</summary>
    private static readonly Dictionary<(string State, PaymentEvent Event), (Func<PaymentFixture, Task> Arrange, Func<PaymentFixture, Task> Act)> Rows = new()
    {
        [(PaymentStatuses.Empty, PaymentEvent.Schedule)] = (_ => Task.CompletedTask, ScheduleAsync),
        [(PaymentStatuses.Empty, PaymentEvent.Begin)] = (_ => Task.CompletedTask, BeginAsync),
        [(PaymentStatuses.Scheduled, PaymentEvent.Begin)] = (ScheduleAsync, async fixture =>
        {
            Close(fixture);
            await fixture.Environment.DelayAsync(TimeSpan.FromHours(1));
        }),
        [(PaymentStatuses.Scheduled, PaymentEvent.Void)] = (ScheduleAsync, CancelAsync),
        [(PaymentStatuses.Processing, PaymentEvent.LoseTrack)] = (BeginAsync, fixture =>
        {
            fixture.Gateway.ChargesAway = int.MaxValue;
            fixture.Gateway.Gate!.SetResult();
            return Task.CompletedTask;
        }),
        [(PaymentStatuses.Processing, PaymentEvent.Capture)] = (BeginAsync, OpenAsync),
        [(PaymentStatuses.Processing, PaymentEvent.Decline)] = (fixture => BeginAsync(fixture, "tok_declined"), OpenAsync),
        [(PaymentStatuses.Processing, PaymentEvent.Void)] = (BeginAsync, CancelAsync),
        [(PaymentStatuses.PendingReconciliation, PaymentEvent.Capture)] = (LoseTrackAsync, ComeBackAsync),
        [(PaymentStatuses.PendingReconciliation, PaymentEvent.Decline)] = (fixture => LoseTrackAsync(fixture, "tok_declined"), ComeBackAsync),
        [(PaymentStatuses.PendingReconciliation, PaymentEvent.Void)] = (LoseTrackAsync, CancelAsync),
        [(PaymentStatuses.Declined, PaymentEvent.Schedule)] = (DeclineAsync, ScheduleAsync),
        [(PaymentStatuses.Declined, PaymentEvent.Begin)] = (DeclineAsync, BeginAsync),
        [(PaymentStatuses.Captured, PaymentEvent.RefundPart)] = (CaptureAsync, fixture => fixture.RefundAsync(Id, Call("r1"), 1_000)),
        [(PaymentStatuses.Captured, PaymentEvent.RefundAll)] = (CaptureAsync, fixture => fixture.RefundAsync(Id, Call("r1"))),
        [(PaymentStatuses.PartiallyRefunded, PaymentEvent.RefundPart)] = (RefundPartAsync, fixture => fixture.RefundAsync(Id, Call("r2"), 1_000)),
        [(PaymentStatuses.PartiallyRefunded, PaymentEvent.RefundAll)] = (RefundPartAsync, fixture => fixture.RefundAsync(Id, Call("r2"))),
    };

    public static TheoryData<string, PaymentEvent, string> Transitions()
    {
        var data = new TheoryData<string, PaymentEvent, string>();
        foreach (var (state, happened, next) in PaymentState.Transitions)
        {
            data.Add(state, happened, next);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Transitions))]
    public async Task Payment_InStateWhenEventHappens_Next(string state, PaymentEvent happened, string next)
    {
        await using var fixture = await StartAsync();
        var (arrange, act) = Rows[(state, happened)];

        await arrange(fixture);
        if (state != PaymentStatuses.Empty)
        {
            await fixture.UntilAsync(Id, state);
        }
        await act(fixture);

        await fixture.UntilAsync(Id, next);
        (await fixture.Payment(Id).DescribeAsync()).TypedSearchAttributes.Get(PaymentSearchAttributes.Status).ShouldBe(next);
    }

    private static Task ScheduleAsync(PaymentFixture fixture) => fixture.SubmitAsync(Id, CreateOf(Call("scheduled")), TimeSpan.FromHours(1));

    private static Task BeginAsync(PaymentFixture fixture) => BeginAsync(fixture, "tok_success");

    private static async Task BeginAsync(PaymentFixture fixture, string token)
    {
        Close(fixture);
        await fixture.SubmitAsync(Id, CreateOf(Call("begun"), token: token), TimeSpan.Zero);
    }

    private static Task LoseTrackAsync(PaymentFixture fixture) => LoseTrackAsync(fixture, "tok_success");

    private static Task LoseTrackAsync(PaymentFixture fixture, string token)
    {
        fixture.Gateway.ChargesAway = int.MaxValue;
        return fixture.SubmitAsync(Id, CreateOf(Call("lost"), token: token), TimeSpan.Zero);
    }

    private static Task ComeBackAsync(PaymentFixture fixture)
    {
        fixture.Gateway.ChargesAway = 0;
        return fixture.Environment.DelayAsync(PaymentTimeouts.ReconcileMax);
    }

    private static Task DeclineAsync(PaymentFixture fixture) => fixture.CreateAsync(Id, CreateOf(Call("declined"), token: "tok_declined"));

    private static Task CaptureAsync(PaymentFixture fixture) => fixture.CreateAsync(Id, CreateOf(Call("captured")));

    private static async Task RefundPartAsync(PaymentFixture fixture)
    {
        await CaptureAsync(fixture);
        await fixture.RefundAsync(Id, Call("first"), 1_000);
    }

    private static Task CancelAsync(PaymentFixture fixture) => fixture.CancelAsync(Id, Call("cancel"));

    private static Task OpenAsync(PaymentFixture fixture)
    {
        fixture.Gateway.Gate!.SetResult();
        return Task.CompletedTask;
    }

    private static void Close(PaymentFixture fixture) =>
        fixture.Gateway.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
}
