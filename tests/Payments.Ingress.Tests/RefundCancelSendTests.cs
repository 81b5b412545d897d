namespace Payments.Ingress.Tests;

public class RefundCancelSendTests
{
    private static readonly object Body = new { amount = 10_000, currency = "USD" };

    [Fact]
    public async Task Refund_PartsThenTooMuch_NeverMoreThanCaptured()
    {
        await using var service = await PaymentService.StartAsync();
        await service.PostAsync("/PaymentService/p/Create", "k", Body);

        var part = await service.PostAsync("/PaymentService/p/Refund", "r1", new { amount = 4_000, reason = "late" });
        var again = await service.PostAsync("/PaymentService/p/Refund", "r1", new { amount = 4_000, reason = "late" });
        var tooMuch = await service.PostAsync("/PaymentService/p/Refund", "r2", new { amount = 7_000 });
        var tooMuchAgain = await service.PostAsync("/PaymentService/p/Refund", "r2", new { amount = 7_000 });
        var rest = await service.PostAsync("/PaymentService/p/Refund", "r3");

        part.Status.ShouldBe(201);
        part.Json.GetProperty("remaining").GetInt64().ShouldBe(6_000);
        again.Status.ShouldBe(200);
        tooMuch.Status.ShouldBe(409);
        tooMuch.Code.ShouldBe("refund-exceeds-payment");
        tooMuchAgain.Text.ShouldBe(tooMuch.Text);
        tooMuchAgain.Header("Idempotent-Replayed").ShouldBe("true");
        rest.Json.GetProperty("refundedAmount").GetInt64().ShouldBe(6_000);
        (await service.LedgerAsync("refunds")).Sum(r => r.GetProperty("amount").GetInt64()).ShouldBe(10_000);
        (await service.GetAsync("/PaymentService/p/Status")).Json.GetProperty("status").GetString().ShouldBe("refunded");
    }

    [Fact]
    public async Task Refund_TwentyAtOnce_ExactlyWhatWasCaptured()
    {
        await using var service = await PaymentService.StartAsync();
        await service.PostAsync("/PaymentService/p/Create", "k", Body);

        var pending = Enumerable.Range(0, 20).Select(i => "r" + i).ToList();
        var outcomes = new List<int>();
        while (pending.Count > 0)
        {
            var answers = await Task.WhenAll(pending.Select(async key => (key, answer: await service.PostAsync("/PaymentService/p/Refund", key, new { amount = 1_000 }))));
            outcomes.AddRange(answers.Where(a => a.answer.Status != 429).Select(a => a.answer.Status));
            pending = [.. answers.Where(a => a.answer.Status == 429).Select(a => a.key)];
        }

        outcomes.Count(status => status == 201).ShouldBe(10);
        outcomes.Count(status => status == 409).ShouldBe(10);
        (await service.LedgerAsync("refunds")).Sum(r => r.GetProperty("amount").GetInt64()).ShouldBe(10_000);
    }

    [Fact]
    public async Task Refund_UnknownOrDeclinedPaymentOrNoKey_RefusedWithAReason()
    {
        await using var service = await PaymentService.StartAsync();
        await service.PostAsync("/PaymentService/declined/Create", "k", new { amount = 1, currency = "USD", paymentMethod = "tok_declined" });

        var unknown = await service.PostAsync("/PaymentService/nobody/Refund", "r");
        var declined = await service.PostAsync("/PaymentService/declined/Refund", "r");
        var unkeyed = await service.PostAsync("/PaymentService/nobody/Refund");

        (unknown.Status, unknown.Code).ShouldBe((404, "not-found"));
        unknown.Header("X-Error-Source").ShouldBe("invocation");
        (declined.Status, declined.Code).ShouldBe((409, "payment-declined"));
        (unkeyed.Status, unkeyed.Code).ShouldBe((400, "idempotency-key-missing"));
    }

    [Fact]
    public async Task Cancel_BeforeAndAfterCapture_VoidedOrRefused()
    {
        await using var service = await PaymentService.StartAsync();
        await service.PostAsync("/PaymentService/done/Create", "k", Body);
        await service.Gateway.PostAsync("/faults", new StringContent("""{"rules":[{"operation":"charge","action":"hold","gate":"g"}]}""", System.Text.Encoding.UTF8, "application/json"));
        await service.PostAsync("/PaymentService/held/Create", "k", Body, ("Prefer", "wait=0"));
        await service.Gateway.GetAsync("/gates/g?waiting=1&timeoutMs=20000");

        var captured = await service.PostAsync("/PaymentService/done/Cancel");
        var cancelled = await service.PostAsync("/PaymentService/held/Cancel");
        await service.Gateway.PostAsync("/gates/g/release", null);

        (captured.Status, captured.Code).ShouldBe((409, "payment-captured"));
        cancelled.Status.ShouldBe(200);
        cancelled.Json.GetProperty("status").GetString().ShouldBe("cancelled");
        (await service.PostAsync("/PaymentService/held/Create", "k", Body)).Code.ShouldBe("payment-cancelled");
        (await service.LedgerAsync()).Length.ShouldBe(1);
        (await service.PostAsync("/PaymentService/nobody/Cancel")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Send_ThenSendAgainThenAttach_AcceptedOnceExecutedOnce()
    {
        await using var service = await PaymentService.StartAsync();

        var first = await service.PostAsync("/PaymentService/p/Create/send", "k", Body);
        first.Status.ShouldBe(202);
        first.Json.GetProperty("status").GetString().ShouldBe("Accepted");
        var id = first.Json.GetProperty("invocationId").GetString();
        var outcome = await service.GetAsync("/restate/attach/" + id);
        // A worker that says nothing for a second leaves it at "accepted" for now.
        var second = await PaymentService.UntilAsync(
            () => service.PostAsync("/restate/send/PaymentService/p/Create", "k", Body), answer => answer.Json.GetProperty("status").GetString() != "Accepted");
        var mismatch = await PaymentService.UntilAsync(
            () => service.PostAsync("/PaymentService/p/Create/send", "k", new { amount = 1, currency = "USD" }), answer => answer.Status != 202);
        var target = new { target = "idempotentInvocation", service = "PaymentService", key = "p", handler = "Create", idempotencyKey = "k" };

        outcome.Status.ShouldBe(200);
        outcome.Json.GetProperty("status").GetString().ShouldBe("captured");
        second.Json.GetProperty("status").GetString().ShouldBe("PreviouslyAccepted");
        second.Json.GetProperty("invocationId").GetString().ShouldBe(id);
        mismatch.Status.ShouldBe(422);
        (await service.PostAsync("/restate/lookup", null, target)).Json.GetProperty("invocationId").GetString().ShouldBe(id);
        (await service.PostAsync("/restate/output", null, target)).Status.ShouldBe(200);
        (await service.GetAsync("/restate/output/inv_bm9wZQ")).Status.ShouldBe(404);
        (await service.LedgerAsync()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Send_WithDelay_ScheduledAndCancellable()
    {
        await using var service = await PaymentService.StartAsync();

        var sent = await service.PostAsync("/PaymentService/p/Create/send?delay=PT1H", "k", Body);
        var id = sent.Json.GetProperty("invocationId").GetString();

        sent.Json.GetProperty("executionTime").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMinutes(50));
        (await service.GetAsync("/PaymentService/p/Status")).Json.GetProperty("status").GetString().ShouldBe("scheduled");
        (await service.SendAsync(PaymentService.Message(HttpMethod.Patch, $"/invocations/{id}/cancel"))).Status.ShouldBe(202);
        (await service.GetAsync("/restate/attach/" + id)).Code.ShouldBe("payment-cancelled");
        (await service.LedgerAsync("attempts")).ShouldBeEmpty();
    }
}
