using System.Diagnostics.Metrics;
using Payments.Ids;
using Payments.Telemetry;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Exceptions;
using static Payments.Workflows.Tests.PaymentFixture;

namespace Payments.Workflows.Tests;

/// <summary>Outages, lost engines, resets and races: what might break "charged once, refunded no more than that", each counted at the gateway.</summary>
public class PaymentAdversityTests
{
    private const string Id = "p";

    [Fact]
    public async Task Create_GatewayAwayLongerThanAHistoryMayBe_GoesOnInTheNextRunAndChargesOnce()
    {
        await using var fixture = await StartAsync();
        fixture.Gateway.ChargesAway = 900;
        var command = CreateOf(Call("k"));
        await fixture.SubmitAsync(Id, command, TimeSpan.Zero);
        var first = (await fixture.Payment(Id).DescribeAsync()).RunId;

        await fixture.Environment.DelayAsync(TimeSpan.FromHours(3));
        (await fixture.StatusAsync(Id))!.Status.ShouldBe(PaymentStatuses.PendingReconciliation);
        (await fixture.AskAsync(Id, PaymentWorkflow.Create, command.Call)).Record!.State.ShouldBe(KeyRecord.Processing);
        await fixture.Environment.DelayAsync(TimeSpan.FromHours(7));

        var outcome = await fixture.CreateAsync(Id, CreateOf(Call("k")));
        (outcome.Code, outcome.Nonce).ShouldBe((OutcomeCodes.Captured, command.Call.Nonce));
        (await fixture.Payment(Id).DescribeAsync()).RunId.ShouldNotBe(first);
        fixture.Gateway.Charged.ShouldBe(["test:p:charge:1"]);
    }

    [Fact]
    public async Task Create_WaitedForWhenTheRunEnds_TheSameKeyAttachesToTheNextRun()
    {
        await using var fixture = await StartAsync();
        fixture.Gateway.ChargesAway = 900;
        var call = Call("k");
        var waiting = fixture.CreateAsync(Id, CreateOf(call));
        await fixture.UntilAsync(Id, PaymentStatuses.PendingReconciliation);

        await fixture.Environment.DelayAsync(TimeSpan.FromHours(10));

        await Should.ThrowAsync<WorkflowUpdateFailedException>(waiting);
        (await fixture.CreateAsync(Id, CreateOf(call))).Nonce.ShouldBe(call.Nonce);
        fixture.Gateway.Charged.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Refund_GatewayAwayLongerThanAHistoryMayBe_GivenBackOnce()
    {
        await using var fixture = await StartAsync();
        await fixture.CreateAsync(Id, CreateOf(Call("k")));
        fixture.Gateway.RefundsAway = 900;
        var call = Call("r");
        await fixture.SignalAsync(Id, new Submission(null, new RefundCommand(call, 4_000, null), null, TimeSpan.Zero));

        await fixture.Environment.DelayAsync(TimeSpan.FromHours(8));
        var meanwhile = await RefusalOrOutcomeOf(fixture.RefundAsync(Id, Call("more"), 10_001));
        await fixture.Environment.DelayAsync(TimeSpan.FromHours(10));

        meanwhile.ShouldBe(OutcomeCodes.RefundExceedsPayment);
        (await fixture.RefundAsync(Id, call, 4_000)).Refund!.Amount.ShouldBe(4_000);
        (await fixture.StatusAsync(Id))!.Refunded.ShouldBe(4_000);
        fixture.Gateway.Refunded.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Refund_AfterTermination_KnowsWhatTheFormerLifeGaveBack()
    {
        await using var fixture = await StartAsync();
        await fixture.CreateAsync(Id, CreateOf(Call("k")));
        var before = await fixture.RefundAsync(Id, Call("r1"), 4_000);
        await fixture.Payment(Id).TerminateAsync("lost");

        var created = await fixture.CreateAsync(Id, CreateOf(Call("k2")));
        var again = await fixture.RefundAsync(Id, Call("r1"), 4_000);
        var tooMuch = await fixture.RefundAsync(Id, Call("r2"), 7_000);
        var rest = await fixture.RefundAsync(Id, Call("r3"));

        created.Payment.Status.ShouldBe(PaymentStatuses.PartiallyRefunded);
        again.Refund!.RefundId.ShouldBe(before.Refund!.RefundId);
        tooMuch.Code.ShouldBe(OutcomeCodes.RefundExceedsPayment);
        rest.Refund!.Amount.ShouldBe(6_000);
        fixture.Gateway.Refunded.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Refund_ChildTerminatedByHand_TheGatewaysKeyTells()
    {
        await using var fixture = await StartAsync();
        await fixture.CreateAsync(Id, CreateOf(Call("k")));
        fixture.Gateway.RefundsAway = int.MaxValue;
        var call = Call("r");
        var refund = fixture.RefundAsync(Id, call, 4_000);
        var child = fixture.Client.GetWorkflowHandle(PaymentIds.Refund("test", Id, call.KeyHash, 0));
        await UntilAsync(async () => (await child.DescribeAsync()).Status == WorkflowExecutionStatus.Running);
        await child.TerminateAsync("by hand");
        fixture.Gateway.RefundsAway = 0;
        await fixture.Environment.DelayAsync(TimeSpan.FromMinutes(5));

        (await refund).Code.ShouldBe(OutcomeCodes.Refunded);
        (await fixture.StatusAsync(Id))!.Refunded.ShouldBe(4_000);
        fixture.Gateway.Refunded.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Create_CancelledThenTerminated_ARetryWithinTheKeysLifetimeChargesNothing()
    {
        await using var fixture = await StartAsync();
        var now = await fixture.Environment.GetCurrentTimeAsync();
        fixture.Gateway.Remember("test:p:charge:1", new ChargeResult(ChargeResult.Voided, At: now));

        (await fixture.CreateAsync(Id, CreateOf(Call("k")))).Code.ShouldBe(OutcomeCodes.PaymentCancelled);

        fixture.Gateway.Charged.ShouldBeEmpty();
    }

    [Fact]
    public async Task Create_CancelledLongAgoAndClosed_TheIdIsFree()
    {
        await using var fixture = await StartAsync();
        await fixture.SubmitAsync(Id, CreateOf(Call("k")), TimeSpan.FromHours(1));
        await fixture.UntilAsync(Id, PaymentStatuses.Scheduled);
        fixture.Gateway.Remember("test:p:charge:1", new ChargeResult(ChargeResult.Voided, At: await fixture.Environment.GetCurrentTimeAsync()));
        (await fixture.CancelAsync(Id, Call("c"))).Code.ShouldBe(OutcomeCodes.Cancelled);
        await Should.ThrowAsync<WorkflowFailedException>(() => fixture.ResultAsync(Id, TimeSpan.FromHours(25)));

        (await fixture.CreateAsync(Id, CreateOf(Call("another")))).Code.ShouldBe(OutcomeCodes.Captured);

        fixture.Gateway.Charged.ShouldBe(["test:p:charge:2"]);
    }

    [Fact]
    public async Task Create_VoidedAttemptAndALaterOneCaptured_TheCaptureCounts()
    {
        await using var fixture = await StartAsync();
        var now = await fixture.Environment.GetCurrentTimeAsync();
        fixture.Gateway.Remember("test:p:charge:1", new ChargeResult(ChargeResult.Voided, At: now));
        fixture.Gateway.Remember("test:p:charge:2", new ChargeResult(ChargeResult.Captured, "ch_2", Owner: "another life", Amount: 10_000, Currency: "USD"));

        var outcome = await fixture.CreateAsync(Id, CreateOf(Call("k")));

        (outcome.Code, outcome.Payment.TransactionId).ShouldBe((OutcomeCodes.Captured, "ch_2"));
        fixture.Gateway.Charged.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Create_ResetToItsBeginning_ReplaysTheSameCharge()
    {
        await using var fixture = await StartAsync();
        var first = await fixture.CreateAsync(Id, CreateOf(Call("k")));
        var history = await fixture.Payment(Id).FetchHistoryAsync();
        await fixture.Client.WorkflowService.ResetWorkflowExecutionAsync(new ResetWorkflowExecutionRequest
        {
            Namespace = fixture.Client.Options.Namespace,
            WorkflowExecution = new() { WorkflowId = PaymentIds.Payment("test", Id) },
            WorkflowTaskFinishEventId = history.Events.First(e => e.EventType == EventType.WorkflowTaskCompleted).EventId,
            RequestId = "reset",
            Reason = "a test",
        });

        var again = await fixture.CreateAsync(Id, CreateOf(Call("k")));

        again.Payment.TransactionId.ShouldBe(first.Payment.TransactionId);
        fixture.Gateway.Charged.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Submit_DeliveredTwiceAndWithAnUpdate_ExecutesOnce()
    {
        await using var fixture = await StartAsync();
        var command = CreateOf(Call("k"));

        await fixture.SubmitAsync(Id, command, TimeSpan.Zero);
        await fixture.SubmitAsync(Id, command, TimeSpan.Zero);
        await fixture.SignalAsync(Id, new Submission(CreateOf(Call("k")), null, null, TimeSpan.FromHours(1)));
        var outcome = await fixture.CreateAsync(Id, CreateOf(Call("k")));

        outcome.Nonce.ShouldBe(command.Call.Nonce);
        fixture.Gateway.Calls("charge").ShouldBe(1);
    }

    [Fact]
    public async Task Submit_OtherBodyUnderTheKey_RefusedForWhoeverAsksAndTheFirstStands()
    {
        await using var fixture = await StartAsync();
        await fixture.CreateAsync(Id, CreateOf(Call("k")));
        var other = Call("k", "2222222222222222");
        await fixture.SubmitAsync(Id, CreateOf(other, 20_000), TimeSpan.Zero);

        var answer = await fixture.AskAsync(Id, PaymentWorkflow.Create, other);

        answer.Refusal!.Code.ShouldBe(OutcomeCodes.KeyReused);
        answer.Record!.Fingerprint.ShouldBe("1111111111111111");
        fixture.Gateway.Calls("charge").ShouldBe(1);
    }

    [Fact]
    public async Task Withdraw_RefundSentForLater_NeverHappensAndTheKeySaysSo()
    {
        await using var fixture = await StartAsync();
        await fixture.CreateAsync(Id, CreateOf(Call("k")));
        var call = Call("r");
        await fixture.SignalAsync(Id, new Submission(null, new RefundCommand(call, 4_000, null), null, TimeSpan.FromHours(1)));

        await fixture.WithdrawAsync(Id, call);
        await fixture.Environment.DelayAsync(TimeSpan.FromHours(2));

        (await fixture.RefundAsync(Id, call, 4_000)).Code.ShouldBe(OutcomeCodes.InvocationCancelled);
        (await fixture.RefundAsync(Id, Call("r2"))).Refund!.Amount.ShouldBe(10_000);
        fixture.Gateway.Refunded.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Withdraw_TheSecondAttemptOfAPaymentThatWasCancelledOnceForNothing_Voided()
    {
        await using var fixture = await StartAsync();
        await fixture.CreateAsync(Id, CreateOf(Call("k1"), token: "tok_declined"));
        await fixture.Payment(Id).CancelAsync();
        var second = Call("k2");
        await fixture.SubmitAsync(Id, CreateOf(second), TimeSpan.FromHours(1));

        await fixture.WithdrawAsync(Id, second);

        await fixture.UntilAsync(Id, PaymentStatuses.Cancelled);
        fixture.Gateway.Charged.ShouldBeEmpty();
    }

    [Fact]
    public async Task Keys_PastTheirLifetime_CountedOnceWhileThePaymentLives()
    {
        await using var fixture = await StartAsync();
        using var listener = new MeterListener();
        long expired = 0;
        // By name: an instrument is published while it is made, so the field that will hold it may still be empty.
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == PaymentMeters.Name && instrument.Name == "idempotency_records_expired_total")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref expired, count));
        listener.Start();
        await fixture.CreateAsync(Id, CreateOf(Call("k", ttl: TimeSpan.FromHours(24))));
        await fixture.RefundAsync(Id, Call("r", ttl: TimeSpan.FromHours(48)), 1_000);

        await fixture.Environment.DelayAsync(TimeSpan.FromHours(25));
        await fixture.StatusAsync(Id);
        Interlocked.Read(ref expired).ShouldBeGreaterThanOrEqualTo(1);
        var atFirst = Interlocked.Read(ref expired);
        await fixture.Environment.DelayAsync(TimeSpan.FromHours(25));
        await fixture.StatusAsync(Id);

        // Tests of other classes count into the same instrument, never out of it.
        Interlocked.Read(ref expired).ShouldBeGreaterThan(atFirst);
        var events = (await fixture.Payment(Id).FetchHistoryAsync()).Events;
        events.Count(e => e.EventType == EventType.TimerFired).ShouldBe(2);
    }

    [Fact]
    public async Task Empty_NothingComes_ClosesAfterAMinuteAndTheIdIsFree()
    {
        await using var fixture = await StartAsync();
        await fixture.Client.StartWorkflowAsync(
            PaymentWorkflow.TypeName, [new PaymentStart("test", Id, TimeSpan.FromDays(180))], new(PaymentIds.Payment("test", Id), TaskQueues.Payments));
        (await fixture.StatusAsync(Id)).ShouldBeNull();

        await Should.ThrowAsync<WorkflowFailedException>(() => fixture.ResultAsync(Id, PaymentTimeouts.EmptyLife));

        (await fixture.CreateAsync(Id, CreateOf(Call("k")))).Code.ShouldBe(OutcomeCodes.Captured);
    }

    [Fact]
    public async Task Refund_KeyFreedByItsExpiry_ASecondRefundWithIdsOfItsOwn()
    {
        await using var fixture = await StartAsync();
        await fixture.CreateAsync(Id, CreateOf(Call("k")));
        await fixture.RefundAsync(Id, Call("r"), 1_000);
        await fixture.Environment.DelayAsync(TimeSpan.FromHours(25));

        var same = await fixture.RefundAsync(Id, Call("r"), 1_000);
        var other = await fixture.RefundAsync(Id, Call("r", "2222222222222222"), 2_000);

        same.Refund!.Amount.ShouldBe(1_000);
        other.Refund!.Amount.ShouldBe(2_000);
        fixture.Gateway.Refunded.Count.ShouldBe(2);
        (await fixture.StatusAsync(Id))!.Refunded.ShouldBe(3_000);
    }

    [Fact]
    public async Task Cancel_SentForLaterWithoutAKey_HappensWhenItIsTime()
    {
        await using var fixture = await StartAsync();
        await fixture.SubmitAsync(Id, CreateOf(Call("k")), TimeSpan.FromHours(2));
        await fixture.SignalAsync(Id, new Submission(null, null, new CancelCommand(Call("") with { HasKey = false, SearchHash = null }, null), TimeSpan.FromHours(1)));

        await fixture.Environment.DelayAsync(TimeSpan.FromHours(3));

        (await fixture.StatusAsync(Id))!.Status.ShouldBe(PaymentStatuses.Cancelled);
        fixture.Gateway.Calls("charge").ShouldBe(0);
    }

    private static async Task<string> RefusalOrOutcomeOf(Task<PaymentOutcome> call)
    {
        try
        {
            return (await call).Code;
        }
        catch (WorkflowUpdateFailedException e) when (e.InnerException is ApplicationFailureException failure)
        {
            return failure.Details.ElementAt<Refusal>(0).Code;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 600; i++)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
            {
                // Not started yet.
            }
            await Task.Delay(50);
        }
        throw new TimeoutException("The condition did not come true in 30 s.");
    }
}
