namespace Payments.Ingress.Tests;

public class CreateTests
{
    private static readonly object Body = new { amount = 10_000, currency = "USD", customerId = "cust-1" };

    [Fact]
    public async Task Create_SameKeyTwice_201Then200WithTheSameBodyAndOneCharge()
    {
        await using var service = await PaymentService.StartAsync();

        var first = await service.PostAsync("/PaymentService/payment-123/Create", "unique-key-123", Body);
        var second = await service.PostAsync("/PaymentService/payment-123/Create", "\"unique-key-123\"", Body);

        first.Status.ShouldBe(201);
        first.Header("Idempotent-Replayed").ShouldBe("false");
        first.Header("Idempotency-Key").ShouldBe("unique-key-123");
        first.Header("Idempotency-Expires").ShouldNotBeNull();
        first.Header("X-Invocation-Id").ShouldBe(first.Header("x-restate-id"));
        second.Status.ShouldBe(200);
        second.Header("Idempotent-Replayed").ShouldBe("true");
        second.Header("X-Idempotent-Replay").ShouldBe("true");
        second.Text.Replace("\"cached\":true", "\"cached\":false").ShouldBe(first.Text);
        first.Json.GetProperty("status").GetString().ShouldBe("captured");
        (await service.LedgerAsync()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Create_TwentyAtOnce_OneChargeAndTwentyEqualAnswersOneOfThemFirst()
    {
        await using var service = await PaymentService.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.PostAsync("/PaymentService/p/Create", "k", Body)));

        answers.Select(a => a.Json.GetProperty("transactionId").GetString()).Distinct().Count().ShouldBe(1);
        answers.Count(a => a.Status == 201).ShouldBe(1);
        answers.Count(a => a.Status == 200 && a.Header("Idempotent-Replayed") == "true").ShouldBe(19);
        (await service.LedgerAsync()).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("422")]
    [InlineData("409")]
    public async Task Create_SameKeyOtherBody_BothFingerprintsAndNoSecondCharge(string mismatch)
    {
        await using var service = await PaymentService.StartAsync("--Idempotency:MismatchStatus", mismatch);
        await service.PostAsync("/PaymentService/p/Create", "k", Body);

        var answer = await service.PostAsync("/PaymentService/p/Create", "k", new { amount = 1, currency = "USD" });

        answer.Status.ToString().ShouldBe(mismatch);
        answer.Code.ShouldBe("idempotency-key-reused");
        answer.Json.GetProperty("expectedFingerprint").GetString()!.Length.ShouldBe(16);
        answer.Json.GetProperty("actualFingerprint").GetString().ShouldNotBe(answer.Json.GetProperty("expectedFingerprint").GetString());
        answer.Header("Should-Retry").ShouldBe("false");
        answer.Header("X-Error-Source").ShouldBe("invocation");
        (await service.LedgerAsync()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Create_WithoutKey_ThePathIdIsTheKey()
    {
        await using var service = await PaymentService.StartAsync();

        (await service.PostAsync("/PaymentService/p/Create", null, Body)).Status.ShouldBe(201);
        (await service.PostAsync("/PaymentService/p/Create", null, Body)).Status.ShouldBe(200);
        var other = await service.PostAsync("/PaymentService/p/Create", null, new { amount = 1, currency = "USD" });

        other.Status.ShouldBe(409);
        other.Code.ShouldBe("payment-exists");
        (await service.PostAsync("/PaymentService/p/Create", "another", Body)).Code.ShouldBe("payment-exists");
        (await service.LedgerAsync()).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("tok_declined")]
    [InlineData("tok_insufficient_funds")]
    public async Task Create_Declined_402AndAgainFromTheRecordByteForByte(string token)
    {
        await using var service = await PaymentService.StartAsync();
        var body = new { amount = 500, currency = "EUR", paymentMethod = token };

        var first = await service.PostAsync("/PaymentService/p/Create", "k", body);
        var second = await service.PostAsync("/PaymentService/p/Create", "k", body);

        first.Status.ShouldBe(402);
        first.Code.ShouldBe("payment-declined");
        second.Status.ShouldBe(402);
        second.Text.ShouldBe(first.Text);
        second.Header("Idempotent-Replayed").ShouldBe("true");
        (await service.LedgerAsync()).ShouldBeEmpty();
        (await service.LedgerAsync("attempts")).Length.ShouldBe(1);
        (await service.PostAsync("/PaymentService/p/Create", "k2", new { amount = 500, currency = "EUR" })).Status.ShouldBe(201);
    }

    [Theory]
    [InlineData("tok_fail_3")]
    [InlineData("tok_500_after_charge")]
    [InlineData("tok_drop_after_charge")]
    [InlineData("tok_slow_300")]
    public async Task Create_GatewayInTrouble_OneChargeAndItsTrueOutcome(string token)
    {
        await using var service = await PaymentService.StartAsync();

        var answer = await service.PostAsync("/PaymentService/p/Create", "k", new { amount = 500, currency = "EUR", paymentMethod = token });

        answer.Status.ShouldBe(201);
        (await service.LedgerAsync()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Create_WaitIsOver_202WithTheInvocationThatAttachFinishes()
    {
        await using var service = await PaymentService.StartAsync();
        await service.HoldChargesAsync();

        var accepted = await service.PostAsync("/PaymentService/p/Create", "k", Body, ("Prefer", "wait=1"));
        accepted.Status.ShouldBe(202);
        var id = accepted.Header("X-Invocation-Id");
        accepted.Header("Location").ShouldBe("/restate/attach/" + id);
        accepted.Header("Should-Retry").ShouldBe("true");
        (await service.GetAsync("/restate/output/" + id)).Status.ShouldBe(470);
        (await service.PostAsync("/PaymentService/p/Create", "k", Body, ("Idempotency-Conflict", "reject"))).Code.ShouldBe("in-progress");
        (await service.PostAsync("/PaymentService/p/Create", "k2", Body)).Code.ShouldBe("in-progress");

        var attached = service.GetAsync("/restate/attach/" + id);
        await service.ReleaseAsync();

        (await attached).Status.ShouldBe(200);
        (await service.GetAsync("/restate/output/" + id)).Json.GetProperty("status").GetString().ShouldBe("captured");
        (await service.LedgerAsync()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Payments_KeyMakesTheId_BothAliasesMeanTheSamePayment()
    {
        await using var service = await PaymentService.StartAsync();

        var first = await service.PostAsync("/payments", "k", new { amount = 1234, currency = "USD", customerId = "c" });
        var second = await service.PostAsync("/api/v1/payments", "k", """{"amount":12.34,"currency":"USD","customer_id":"c"}""");

        first.Status.ShouldBe(201);
        second.Status.ShouldBe(200);
        second.Json.GetProperty("amount").GetRawText().ShouldBe("12.34");
        second.Json.GetProperty("transaction_id").GetString().ShouldBe(first.Json.GetProperty("transactionId").GetString());
        (await service.LedgerAsync()).Length.ShouldBe(1);
        second.Json.GetProperty("id").GetString()!.ShouldStartWith("pay_");
        first.Header("Location").ShouldBe("/payments/" + first.Json.GetProperty("id").GetString());
        var third = await service.PostAsync("/payments/", "k3", new { amount = 1234, currency = "USD" });
        third.Header("Location").ShouldBe("/payments/" + third.Json.GetProperty("id").GetString());
    }

    // The aim of the key, by its absence: without one, two clicks are two payments.
    [Fact]
    public async Task Payments_WithoutKeyInTheLab_TwoPayments()
    {
        await using var service = await PaymentService.StartAsync();

        await service.PostAsync("/payments", null, Body);
        await service.PostAsync("/payments", null, Body);

        (await service.LedgerAsync()).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("true", 1)]
    [InlineData("false", 2)]
    public async Task Payments_RetriedWithProtectionOfUpdateIds_OneChargeOnlyWithIt(string protection, int charges)
    {
        await using var service = await PaymentService.StartAsync("--Protection:UpdateIds", protection);

        await service.PostAsync("/payments", "k", Body);
        await service.PostAsync("/payments", "k", Body);

        (await service.LedgerAsync()).Length.ShouldBe(charges);
    }

    [Theory]
    [InlineData("true", 1)]
    [InlineData("false", 2)]
    public async Task Create_AnswerLostWithProtectionOfGatewayKeys_OneChargeOnlyWithIt(string protection, int charges)
    {
        await using var service = await PaymentService.StartAsync("--Protection:GatewayKeys", protection);
        await service.Gateway.PostAsync("/faults", new StringContent("""{"rules":[{"operation":"charge","action":"drop-after","times":1}]}""", System.Text.Encoding.UTF8, "application/json"));

        (await service.PostAsync("/PaymentService/p/Create", "k", Body)).Status.ShouldBe(201);

        (await service.LedgerAsync()).Length.ShouldBe(charges);
    }
}
