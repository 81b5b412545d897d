using Payments.Lab.Processes;
using Payments.Lab.Traffic;

namespace Payments.EndToEnd.Tests;

/// <summary>The twins: one protection is switched off, and the count goes wrong. They prove that the other tests can fail.</summary>
public static class ProtectionOffTests
{
    public sealed class WithoutGatewayKeys(LabWithoutGatewayKeys fixture) : IClassFixture<LabWithoutGatewayKeys>
    {
        [Fact]
        public async Task Create_AnswerOfTheGatewayIsLost_ChargesTwice()
        {
            await fixture.FaultAsync(new { paymentId = "twice", action = "drop-after", times = 1 });

            (await fixture.UntilAnsweredAsync("twice")).Paid.ShouldBeTrue();

            (await fixture.Ledger.ChargesOfAsync("twice")).ShouldBeGreaterThan(1);
        }

        [Fact]
        public async Task Refund_AnswerOfTheGatewayIsLost_GivesBackTwice()
        {
            (await fixture.UntilAnsweredAsync("twice-back")).Paid.ShouldBeTrue();
            await fixture.FaultAsync(new { paymentId = "twice-back", operation = "refund", action = "drop-after", times = 1 });

            (await fixture.UntilRefundedAsync("twice-back", "twice-back-refund", 4_000)).Paid.ShouldBeTrue();

            (await fixture.MoneyAsync("twice-back")).ShouldBe((1, 10_000, 8_000));
        }

        [Fact]
        public async Task Kill_TheWorkerAfterTheCharge_ChargesTwice()
        {
            await fixture.HoldAsync("killed", charged: true);
            var waiting = fixture.Caller.CreateAsync("killed", "killed", 10_000);
            await fixture.HeldAsync("killed");

            await fixture.CrashAsync(ProcessNames.Worker, fixture.ReleaseAsync);

            (await fixture.UntilAnsweredAsync("killed")).Paid.ShouldBeTrue();
            (await fixture.Ledger.ChargesOfAsync("killed")).ShouldBeGreaterThan(1);
            await waiting;
        }
    }

    public sealed class WithoutUpdateIds(LabWithoutUpdateIds fixture) : IClassFixture<LabWithoutUpdateIds>
    {
        [Fact]
        public async Task Pay_TwiceWithOneKey_ChargesTwiceAndTheHistoryCheckerSeesIt()
        {
            var before = await fixture.Ledger.ChargesAsync();
            var history = new CallHistory(TimeProvider.System);

            (await history.RecordAsync("key", () => fixture.Caller.PayAsync("key", 100, "one intention"))).Paid.ShouldBeTrue();
            (await history.RecordAsync("key", () => fixture.Caller.PayAsync("key", 100, "one intention"))).Paid.ShouldBeTrue();

            (await fixture.Ledger.ChargesAsync() - before).ShouldBe(2);
            // Two transactions, two first answers, and one of them to a call that began when the other was answered.
            history.Check().Count.ShouldBe(3);
        }

        [Fact]
        public async Task Mass_KeyedRetries_ChargeSomeRowsTwice()
        {
            var result = await new MassPayment(fixture.Http, fixture.Lab.Addresses)
                .RunAsync(RetryStyle.Keyed, PaymentRow.Make(200), TestContext.Current.CancellationToken);

            result.Charges.ShouldBeGreaterThan(200);
        }
    }
}
