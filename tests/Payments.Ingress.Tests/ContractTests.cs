using Microsoft.Extensions.DependencyInjection;

namespace Payments.Ingress.Tests;

/// <summary>The contract's table of status codes, row by row where a row needs a payment to be somewhere; see <see cref="DoorTests"/> for what the door decides alone.</summary>
public class ContractTests
{
    private static readonly object Body = new { amount = 10_000, currency = "USD" };
    private static readonly object Other = new { amount = 5, currency = "USD" };

    [Theory]
    [InlineData("30")]
    [InlineData("0")]
    public async Task Mismatch_InFlightAndAfter_422HoweverLongTheCallerWaits(string wait)
    {
        await using var service = await PaymentService.StartAsync();
        await service.HoldChargesAsync();
        await service.PostAsync("/PaymentService/p/Create", "k", Body, ("Prefer", "respond-async"));
        await service.HeldAsync();

        // A worker that says nothing for a second leaves it at "accepted" for now.
        Task<Answer> Mismatch(string path) => PaymentService.UntilAsync(() => service.PostAsync(path, "k", Other, ("Prefer", "wait=" + wait)), answer => answer.Status != 202);
        var during = await Mismatch("/PaymentService/p/Create");
        var sent = await Mismatch("/PaymentService/p/Create/send");
        await service.ReleaseAsync();
        (await service.PostAsync("/PaymentService/p/Create", "k", Body)).Status.ShouldBe(200);
        var after = await Mismatch("/PaymentService/p/Create");

        foreach (var answer in new[] { during, sent, after })
        {
            (answer.Status, answer.Code).ShouldBe((422, "idempotency-key-reused"));
            answer.Json.GetProperty("expectedFingerprint").GetString().ShouldBe(during.Json.GetProperty("expectedFingerprint").GetString());
            answer.Json.GetProperty("actualFingerprint").GetString().ShouldBe(during.Json.GetProperty("actualFingerprint").GetString());
            (answer.Header("Should-Retry"), answer.Header("Idempotency-Key")).ShouldBe(("false", "k"));
        }
        (await service.LedgerAsync()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Mismatch_SentWhileNoWorkerWasThere_422FromThenOn()
    {
        await using var service = await PaymentService.StartAsync(null, withWorker: false);
        await service.PostAsync("/PaymentService/p/Create/send", "k", Body);
        var accepted = await service.PostAsync("/PaymentService/p/Create/send", "k", Other);
        await service.StartWorkerAsync();

        var sent = await PaymentService.UntilAsync(() => service.PostAsync("/PaymentService/p/Create/send", "k", Other), answer => answer.Status != 202);
        var attached = await PaymentService.UntilAsync(() => service.GetAsync(accepted.Header("Location")!), answer => answer.Status != 503);

        accepted.Status.ShouldBe(202);
        foreach (var answer in new[] { sent, attached })
        {
            (answer.Status, answer.Code).ShouldBe((422, "idempotency-key-reused"));
        }
        (await service.PostAsync("/PaymentService/p/Create", "k", Body)).Status.ShouldBe(200);
        (await service.LedgerAsync()).Single().GetProperty("amount").GetInt64().ShouldBe(10_000);
    }

    [Fact]
    public async Task RespondAsync_ThenPolledWithoutWaiting_OneSignalAndOneCharge()
    {
        await using var service = await PaymentService.StartAsync();
        await service.HoldChargesAsync();

        var first = await service.PostAsync("/PaymentService/p/Create", "k", Body, ("Prefer", "respond-async"));
        for (var i = 0; i < 5; i++)
        {
            (await service.PostAsync("/PaymentService/p/Create", "k", Body, ("Prefer", "wait=0"))).Status.ShouldBe(202);
        }
        await service.ReleaseAsync();

        first.Status.ShouldBe(202);
        (first.Header("Should-Retry"), first.Header("Location")).ShouldBe(("true", "/restate/attach/" + first.Header("X-Invocation-Id")));
        (await service.GetAsync(first.Header("Location")!)).Status.ShouldBe(200);
        var history = await service.Engine.Client.GetWorkflowHandle("payment/default/p").FetchHistoryAsync();
        history.Events.Count(e => e.WorkflowExecutionSignaledEventAttributes is not null).ShouldBe(1);
        (await service.LedgerAsync()).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("100")]
    public async Task RespondAsync_OutcomeIsThere_ReplayedWhetherTheDoorKeepsItOrNot(string cached)
    {
        await using var service = await PaymentService.StartAsync("--Idempotency:CachedOutcomes", cached);
        await service.PostAsync("/PaymentService/p/Create", "k", Body);

        // A worker that says nothing for a second leaves it at "accepted" for now.
        var again = await PaymentService.UntilAsync(() => service.PostAsync("/PaymentService/p/Create", "k", Body, ("Prefer", "respond-async")), answer => answer.Status != 202);

        (again.Status, again.Header("Idempotent-Replayed")).ShouldBe((200, "true"));
    }

    [Fact]
    public async Task OutcomeUnknown_202PendingReconciliationThenTheTruthUnderTheSameKey()
    {
        await using var service = await PaymentService.StartAsync();
        await service.FaultAsync("""{"operation":"charge","action":"fail","status":500}""");

        var pending = await PaymentService.UntilAsync(
            () => service.PostAsync("/PaymentService/p/Create", "k", Body, ("Prefer", "wait=0")),
            answer => answer.Status == 202 && answer.Json.GetProperty("status").GetString() == "pending_reconciliation");
        (pending.Header("Should-Retry"), pending.Header("Retry-After")).ShouldBe(("true", "1"));
        (await service.GetAsync("/PaymentService/p/Status")).Json.GetProperty("status").GetString().ShouldBe("pending_reconciliation");
        (await service.PostAsync("/PaymentService/p/Refund", "r")).Code.ShouldBe("in-progress");
        (await service.GetAsync("/idempotency-keys/k?operation=PaymentService/p/Create")).Json.GetProperty("state").GetString().ShouldBe("PROCESSING");
        await service.ReleaseAsync();

        // The longer it was unknown, the longer until it is asked for again.
        var truth = await PaymentService.UntilAsync(() => service.PostAsync("/PaymentService/p/Create", "k", Body), answer => answer.Status != 202);
        truth.Json.GetProperty("status").GetString().ShouldBe("captured");
        (await service.LedgerAsync()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Refund_WhileThePaymentIsInProgress_409OfTheInvocationAndTheSameKeyLater()
    {
        await using var service = await PaymentService.StartAsync();
        await service.HoldChargesAsync();
        await service.PostAsync("/PaymentService/p/Create", "k", Body, ("Prefer", "wait=0"));
        await service.HeldAsync();

        var refused = await service.PostAsync("/PaymentService/p/Refund", "r", new { amount = 1 });
        await service.ReleaseAsync();
        await service.PostAsync("/PaymentService/p/Create", "k", Body);
        var done = await service.PostAsync("/PaymentService/p/Refund", "r", new { amount = 1 });

        (refused.Status, refused.Code, refused.Header("X-Error-Source"), refused.Header("Should-Retry")).ShouldBe((409, "in-progress", "invocation", "true"));
        refused.Json.GetProperty("sameKey").GetBoolean().ShouldBeTrue();
        refused.Json.GetProperty("currentStatus").GetString().ShouldBe("processing");
        (done.Status, done.Header("Idempotent-Replayed")).ShouldBe((201, "false"));
    }

    [Fact]
    public async Task Cancel_WithKeys_StoredReplayedAndNothingLeftToCancel()
    {
        await using var service = await PaymentService.StartAsync();
        await service.PostAsync("/PaymentService/later/Create/send?delay=1h", "k", Body);
        await service.PostAsync("/PaymentService/declined/Create", "k", new { amount = 1, currency = "USD", paymentMethod = "tok_declined" });

        var cancelled = await service.PostAsync("/PaymentService/later/Cancel", "c", new { reason = "changed my mind" });
        var again = await service.PostAsync("/PaymentService/later/Cancel", "c", new { reason = "changed my mind" });
        var other = await service.PostAsync("/PaymentService/later/Cancel", "c", new { reason = "another" });
        var nothing = await service.PostAsync("/PaymentService/later/Cancel");
        var declined = await service.PostAsync("/PaymentService/declined/Cancel");
        var late = await service.PostAsync("/PaymentService/later/Create", "k", Body);
        var another = await service.PostAsync("/PaymentService/later/Create", "k2", Body);

        (cancelled.Status, cancelled.Json.GetProperty("status").GetString()).ShouldBe((200, "cancelled"));
        (again.Status, again.Header("Idempotent-Replayed")).ShouldBe((200, "true"));
        other.Status.ShouldBe(422);
        (nothing.Status, nothing.Json.GetProperty("status").GetString()).ShouldBe((200, "cancelled"));
        (declined.Status, declined.Json.GetProperty("status").GetString()).ShouldBe((200, "declined"));
        // The key's own outcome, stored: final, so nobody waits for another one.
        (late.Status, late.Code, late.Header("Should-Retry"), late.Header("Idempotent-Replayed")).ShouldBe((409, "payment-cancelled", "false", "true"));
        (another.Status, another.Code, another.Header("Should-Retry"), another.Header("Idempotent-Replayed")).ShouldBe((409, "payment-cancelled", "false", null));
        (await service.LedgerAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task RefundAndCancel_OfAPaymentTerminatedByHand_SaySoUntilItIsCreatedAnew()
    {
        await using var service = await PaymentService.StartAsync();
        await service.PostAsync("/PaymentService/p/Create", "k", Body);
        await service.PostAsync("/PaymentService/p/Refund", "before", new { amount = 1_000 });
        await service.Engine.Client.GetWorkflowHandle("payment/default/p").TerminateAsync("as an operator might");

        var refund = await service.PostAsync("/PaymentService/p/Refund", "r", new { amount = 9_000 });
        var send = await service.PostAsync("/PaymentService/p/Refund/send", "r", new { amount = 9_000 });
        var cancel = await service.PostAsync("/PaymentService/p/Cancel");
        var replay = await service.PostAsync("/PaymentService/p/Refund", "before", new { amount = 1_000 });
        var anew = await service.PostAsync("/PaymentService/p/Create", "k2", Body);
        var after = await service.PostAsync("/PaymentService/p/Refund", "r", new { amount = 9_000 });

        foreach (var answer in new[] { refund, send, cancel })
        {
            (answer.Status, answer.Code, answer.Header("Should-Retry"), answer.Header("X-Error-Source")).ShouldBe((409, "payment-stopped", "false", "invocation"));
            answer.Json.GetProperty("currentStatus").GetString().ShouldBe("partially_refunded");
        }
        (replay.Status, replay.Header("Idempotent-Replayed")).ShouldBe((200, "true"));
        anew.Status.ShouldBe(201);
        (after.Status, after.Json.GetProperty("remaining").GetInt64()).ShouldBe((201, 0));
        ((await service.LedgerAsync()).Length, (await service.LedgerAsync("refunds")).Length).ShouldBe((1, 2));
    }

    [Fact]
    public async Task PatchCancel_ScheduledRefundOnly_ThePaymentStaysAndTheRefundNeverHappens()
    {
        await using var service = await PaymentService.StartAsync();
        await service.PostAsync("/PaymentService/p/Create", "k", Body);
        var id = (await service.PostAsync("/PaymentService/p/Refund/send?delay=PT1H", "r", new { amount = 1 })).Header("X-Invocation-Id");

        (await service.SendAsync(PaymentService.Message(HttpMethod.Patch, $"/invocations/{id}/cancel"))).Status.ShouldBe(202);

        (await service.PostAsync("/PaymentService/p/Refund", "r", new { amount = 1 })).Code.ShouldBe("invocation-cancelled");
        (await service.GetAsync("/restate/output/" + id)).Code.ShouldBe("invocation-cancelled");
        (await service.GetAsync("/PaymentService/p/Status")).Json.GetProperty("status").GetString().ShouldBe("captured");
        (await service.LedgerAsync("refunds")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Key_AfterItsLifetime_RecordGoneSameBodyReplaysOtherBodyIsAnotherPayment()
    {
        await using var service = await PaymentService.StartAsync("--Idempotency:KeyTtl", "00:00:02");
        var first = await service.PostAsync("/PaymentService/p/Create", "k", Body);
        await service.PostAsync("/payments", "k", Body);
        DateTimeOffset.Parse(first.Header("Idempotency-Expires")!).ShouldBeLessThan(DateTimeOffset.UtcNow.AddSeconds(3));

        await PaymentService.UntilAsync(() => service.GetAsync("/idempotency-keys/k?operation=PaymentService/p/Create"), answer => answer.Status == 404);

        var same = await service.PostAsync("/PaymentService/p/Create", "k", Body);
        var other = await service.PostAsync("/PaymentService/p/Create", "k", Other);
        (same.Status, same.Header("Idempotent-Replayed")).ShouldBe((200, "true"));
        (other.Status, other.Code).ShouldBe((409, "payment-exists"));
        // There the key names the payment, for the payment's life.
        (await service.PostAsync("/payments", "k", Other)).Status.ShouldBe(422);
        (await service.LedgerAsync()).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Replays_WithoutCachedAndWithTheOriginalCode_IdenticalByteForByte()
    {
        await using var service = await PaymentService.StartAsync("--Idempotency:IncludeCached", "false", "--Idempotency:ReplayStatus", "Original", "--Idempotency:CachedOutcomes", "0");
        foreach (var (path, body) in new[] { ("/PaymentService/p/Create", Body), ("/payments", Body), ("/PaymentService/p/Refund", new { amount = 1_000 }) })
        {
            var first = await service.PostAsync(path, "k", body);
            var second = await service.PostAsync(path, "k", body);

            (first.Status, second.Status, second.Header("Idempotent-Replayed")).ShouldBe((201, 201, "true"));
            second.Text.ShouldBe(first.Text);
        }
    }

    [Theory]
    [InlineData("order%2F17")]
    [InlineData("order%2f17")]
    [InlineData("a%2fb%2Fc")]
    [InlineData("a%252fb")]
    [InlineData("100%25")]
    [InlineData("a%20b")]
    [InlineData("%E2%82%AC-%F0%9F%92%B3")]
    [InlineData("a:b;c=d")]
    public async Task PathId_OfAnyText_OnePaymentUnderEveryRoute(string encoded)
    {
        await using var service = await PaymentService.StartAsync();

        var created = await service.PostAsync($"/PaymentService/{encoded}/Create", "k", Body);

        created.Status.ShouldBe(201);
        created.Json.GetProperty("paymentId").GetString().ShouldBe(Uri.UnescapeDataString(encoded));
        (await service.PostAsync($"/restate/call/PaymentService/{encoded}/Create", "k", Body)).Status.ShouldBe(200);
        (await service.GetAsync($"/PaymentService/{encoded}/Status")).Status.ShouldBe(200);
        (await service.GetAsync($"/payments/{encoded}")).Status.ShouldBe(200);
        (await service.GetAsync("/restate/attach/" + created.Header("X-Invocation-Id"))).Status.ShouldBe(200);
        (await service.GetAsync($"/idempotency-keys/k?operation=PaymentService/{Uri.EscapeDataString(encoded)}/Create")).Status.ShouldBe(200);
        (await service.LedgerAsync()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task InFlight_MoreThanTenOnOnePayment_429WithRetryAfterAndTheSameKeyLater()
    {
        await using var service = await PaymentService.StartAsync();
        await service.PostAsync("/PaymentService/p/Create", "k", Body);
        await service.FaultAsync("""{"operation":"refund","action":"hold","gate":"g"}""");
        var held = Enumerable.Range(0, 10).Select(i => service.PostAsync("/PaymentService/p/Refund", "r" + i, new { amount = 1 })).ToList();
        await service.HeldAsync(10);

        var refused = await service.PostAsync("/PaymentService/p/Refund", "one-more", new { amount = 1 });
        await service.ReleaseAsync();

        (refused.Status, refused.Code, refused.Header("Should-Retry"), refused.Header("Retry-After")).ShouldBe((429, "overloaded", "true", "1"));
        (await Task.WhenAll(held)).ShouldAllBe(answer => answer.Status == 201);
        (await service.PostAsync("/PaymentService/p/Refund", "one-more", new { amount = 1 })).Status.ShouldBe(201);
        (await service.LedgerAsync("refunds")).Length.ShouldBe(11);
    }

    [Fact]
    public async Task NoWorker_QuestionsAre503AndSendsAreAccepted()
    {
        await using var service = await PaymentService.StartAsync(null, withWorker: false, "--Limits:QueryTimeout", "00:00:01");

        var sent = await service.PostAsync("/PaymentService/p/Create/send", "k", Body);
        var waited = await service.PostAsync("/PaymentService/q/Create", "k", Body, ("Prefer", "wait=1"));
        var status = await service.GetAsync("/PaymentService/p/Status");
        var output = await service.GetAsync("/restate/output/" + sent.Header("X-Invocation-Id"));

        (sent.Status, waited.Status).ShouldBe((202, 202));
        foreach (var answer in new[] { status, output })
        {
            (answer.Status, answer.Code, answer.Header("X-Error-Source"), answer.Header("Should-Retry")).ShouldBe((503, "engine-unavailable", "ingress", "true"));
            answer.Header("Retry-After").ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Payments_ConcurrentOverBothAliases_OneChargeAndOneFirst()
    {
        await using var service = await PaymentService.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => i % 2 == 0
            ? service.PostAsync("/payments", "k", """{"amount":1234,"currency":"USD"}""")
            : service.PostAsync("/api/v1/payments", "k", """{"amount":"12.34","currency":"USD"}""")));

        answers.Count(a => a.Status == 201).ShouldBe(1);
        answers.Count(a => a.Status == 200).ShouldBe(11);
        answers.Single(a => a.Status == 201).Header("Location")!.ShouldEndWith("/" + answers[0].Json.GetProperty("id").GetString());
        (await service.LedgerAsync()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task CreateWithoutKey_SentWithAnotherBody_ThePaymentExists()
    {
        await using var service = await PaymentService.StartAsync();
        await service.PostAsync("/PaymentService/p/Create", null, Body);

        var id = (await service.PostAsync("/PaymentService/p/Create/send", null, Other)).Header("X-Invocation-Id");

        (await service.GetAsync("/restate/attach/" + id)).Code.ShouldBe("payment-exists");
        // A worker that says nothing for a second leaves it at "accepted" for now.
        (await PaymentService.UntilAsync(() => service.PostAsync("/PaymentService/p/Create", null, Other, ("Prefer", "wait=0")), answer => answer.Status != 202)).Code.ShouldBe("payment-exists");
        (await service.LedgerAsync()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Hook_ThatThrows_TheAnswerStands()
    {
        await using var service = await PaymentService.StartAsync(builder => builder.Services.AddSingleton<IIngressHooks, BrokenHook>(), withWorker: true);
        await service.PostAsync("/PaymentService/p/Create", "k", Body);

        (await service.PostAsync("/PaymentService/p/Create", "k", Body)).Status.ShouldBe(200);
    }

    private sealed class BrokenHook : IIngressHooks
    {
        public void OnDuplicate(DuplicateSeen duplicate) => throw new InvalidOperationException("not my day");
    }
}
