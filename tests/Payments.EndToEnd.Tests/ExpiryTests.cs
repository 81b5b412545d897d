using System.Net;
using Payments.Lab.Processes;

namespace Payments.EndToEnd.Tests;

/// <summary>Keys that live for two seconds. A day of the real lifetime passes in the workflow's own tests, on virtual time.</summary>
public sealed class ExpiryTests(ExpiryTests.Fixture fixture) : IClassFixture<ExpiryTests.Fixture>
{
    [Fact]
    public async Task Key_WhoseTimeIsOver_StillCannotChargeThePaymentTwice()
    {
        (await fixture.Caller.CreateAsync("expired", "key", 10_000)).Status.ShouldBe(201);

        await LabFixture.UntilAsync(() => "the key's record is gone", async cancellation =>
        {
            using var record = await fixture.Http.GetAsync(
                $"{fixture.Lab.Addresses.Ingress}/idempotency-keys/key?operation=PaymentService/expired/Create", cancellation);
            return record.StatusCode == HttpStatusCode.NotFound;
        });
        await LabFixture.UntilAsync(() => "the worker counts it", async cancellation =>
            (await fixture.Http.GetStringAsync(fixture.Lab.Addresses.Worker + "/metrics", cancellation)).Contains("idempotency_records_expired_total 1", StringComparison.Ordinal));
        var same = await fixture.Caller.CreateAsync("expired", "key", 10_000);
        var other = await fixture.Caller.CreateAsync("expired", "key", 20_000);

        (same.Status, same.Replayed).ShouldBe((200, true), same.Body);
        (other.Status, other["code"]?.GetValue<string>()).ShouldBe((409, "payment-exists"), other.Body);
        (await fixture.MoneyAsync("expired")).ShouldBe((1, 10_000, 0));
    }

    public sealed class Fixture : LabFixture
    {
        private static readonly IReadOnlyDictionary<string, string> TwoSeconds = new Dictionary<string, string> { ["Idempotency__KeyTtl"] = "00:00:02" };

        protected override IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Settings { get; } =
            new Dictionary<string, IReadOnlyDictionary<string, string>> { [ProcessNames.Worker] = TwoSeconds, [ProcessNames.Ingress] = TwoSeconds };
    }
}
