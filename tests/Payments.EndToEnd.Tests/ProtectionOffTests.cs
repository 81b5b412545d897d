using Payments.Lab.Processes;
using Payments.Lab.Traffic;

namespace Payments.EndToEnd.Tests;

/// <summary>The twins: one protection is switched off, and the count goes wrong. They prove that the other tests can fail.</summary>
public static class ProtectionOffTests
{
    public sealed class WithoutGatewayKeys(WithoutGatewayKeys.Fixture fixture) : IClassFixture<WithoutGatewayKeys.Fixture>
    {
        [Fact]
        public async Task Create_AnswerOfTheGatewayIsLost_ChargesTwice()
        {
            await fixture.FaultAsync(new { paymentId = "twice", action = "drop-after", times = 1 });

            (await fixture.UntilAnsweredAsync("twice")).Paid.ShouldBeTrue();

            (await fixture.Ledger.ChargesOfAsync("twice")).ShouldBe(2);
        }

        public sealed class Fixture : LabFixture
        {
            protected override IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Settings { get; } =
                new Dictionary<string, IReadOnlyDictionary<string, string>>
                {
                    [ProcessNames.Worker] = new Dictionary<string, string> { ["Protection__GatewayKeys"] = "false" },
                };
        }
    }

    public sealed class WithoutUpdateIds(WithoutUpdateIds.Fixture fixture) : IClassFixture<WithoutUpdateIds.Fixture>
    {
        [Fact]
        public async Task Pay_TwiceWithOneKey_ChargesTwice()
        {
            var before = await fixture.Ledger.ChargesAsync();

            (await fixture.Caller.PayAsync("key", 100, "one intention")).Paid.ShouldBeTrue();
            (await fixture.Caller.PayAsync("key", 100, "one intention")).Paid.ShouldBeTrue();

            (await fixture.Ledger.ChargesAsync() - before).ShouldBe(2);
        }

        [Fact]
        public async Task Mass_KeyedRetries_ChargeSomeRowsTwice()
        {
            var result = await new MassPayment(fixture.Http, fixture.Lab.Addresses)
                .RunAsync(RetryStyle.Keyed, PaymentRow.Make(200), TestContext.Current.CancellationToken);

            result.Charges.ShouldBeGreaterThan(200);
        }

        public sealed class Fixture : LabFixture
        {
            protected override IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Settings { get; } =
                new Dictionary<string, IReadOnlyDictionary<string, string>>
                {
                    [ProcessNames.Ingress] = new Dictionary<string, string> { ["Protection__UpdateIds"] = "false" },
                };
        }
    }
}
