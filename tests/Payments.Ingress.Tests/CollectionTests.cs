using System.Security.Cryptography;
using System.Text;

namespace Payments.Ingress.Tests;

public class CollectionTests
{
    [Fact]
    public async Task ListStatsAndClear_SeveralPayments_CountsAndSumsThenNothing()
    {
        await using var service = await PaymentService.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await service.PostAsync("/payments", "k" + i, new { amount = 100 + i, currency = "USD" });
        }
        await service.PostAsync("/payments", "declined", new { amount = 7, currency = "USD", paymentMethod = "tok_declined" });
        await service.PostAsync("/payments", "other", new { amount = 1, currency = "JPY" }, ("X-Merchant-Id", "other"));

        var stats = (await service.GetAsync("/payments/stats")).Json;
        stats.GetProperty("count").GetInt64().ShouldBe(6);
        stats.GetProperty("byStatus").GetProperty("captured").GetInt64().ShouldBe(5);
        stats.GetProperty("byStatus").GetProperty("declined").GetInt64().ShouldBe(1);
        stats.GetProperty("byCurrency")[0].GetProperty("captured").GetInt64().ShouldBe(510);
        (await service.GetAsync("/admin/stats")).Json.GetProperty("count").GetInt64().ShouldBe(7);

        var ids = new HashSet<string>();
        var path = "/payments?limit=2";
        for (var next = ""; next is not null; path = "/payments?limit=2&pageToken=" + next)
        {
            var page = (await service.GetAsync(path)).Json;
            foreach (var payment in page.GetProperty("payments").EnumerateArray())
            {
                ids.Add(payment.GetProperty("id").GetString()!).ShouldBeTrue();
            }
            next = page.GetProperty("nextPageToken").GetString();
        }
        ids.Count.ShouldBe(6);

        (await service.SendAsync(PaymentService.Message(HttpMethod.Delete, "/payments"))).Status.ShouldBe(200);
        (await service.GetAsync("/payments/stats")).Json.GetProperty("count").GetInt64().ShouldBe(0);
        (await service.LedgerAsync()).ShouldBeEmpty();
        (await service.PostAsync("/payments", "k0", new { amount = 100, currency = "USD" })).Status.ShouldBe(201);
    }

    [Fact]
    public async Task ListAndStats_SentForLater_ScheduledUntilItIsTime()
    {
        await using var service = await PaymentService.StartAsync();
        await service.HoldChargesAsync();
        await service.PostAsync("/PaymentService/later/Create/send?delay=1h", "k", new { amount = 1, currency = "USD" });
        await service.PostAsync("/PaymentService/soon/Create/send?delay=1ms", "k", new { amount = 1, currency = "USD" });
        await service.HeldAsync();

        foreach (var (status, id) in new[] { ("scheduled", "later"), ("processing", "soon") })
        {
            var listed = await PaymentService.UntilAsync(() => service.GetAsync("/payments?status=" + status), page => page.Json.GetProperty("payments").GetArrayLength() == 1);
            listed.Json.GetProperty("payments")[0].GetProperty("id").GetString().ShouldBe(id);
            (await service.GetAsync("/payments/stats")).Json.GetProperty("byStatus").GetProperty(status).GetInt64().ShouldBe(1);
        }
    }

    [Fact]
    public async Task Keys_ByCollectionOperationAndSearch_TheRecord()
    {
        await using var service = await PaymentService.StartAsync();
        await service.PostAsync("/payments", "k1", new { amount = 100, currency = "USD" });
        await service.PostAsync("/PaymentService/p/Create", "k2", new { amount = 100, currency = "USD", paymentMethod = "tok_declined" });

        var first = await service.GetAsync("/idempotency-keys/k1");
        var second = await service.GetAsync("/idempotency-keys/k2?operation=PaymentService/p/Create");
        var searched = await service.GetAsync("/idempotency-keys/k2");

        first.Json.GetProperty("state").GetString().ShouldBe("COMPLETED");
        first.Json.GetProperty("statusCode").GetInt32().ShouldBe(201);
        first.Json.GetProperty("fingerprint").GetString()!.Length.ShouldBe(16);
        first.Text.ShouldNotContain("\"k1\"");
        second.Json.GetProperty("state").GetString().ShouldBe("FAILED");
        second.Json.GetProperty("statusCode").GetInt32().ShouldBe(402);
        searched.Text.ShouldBe(second.Text);
        foreach (var (id, key, record) in new[] { (first.Json.GetProperty("operation").GetString()!.Split('/')[1], "k1", first), ("p", "k2", second) })
        {
            var target = new { target = "idempotentInvocation", service = "PaymentService", key = id, handler = "Create", idempotencyKey = key };
            (await service.PostAsync("/restate/lookup", null, target)).Json.GetProperty("invocationId").GetString().ShouldBe(record.Json.GetProperty("invocationId").GetString());
            (await service.GetAsync($"/idempotency-keys/{key}?operation=PaymentService/{id}/Create")).Text.ShouldBe(record.Text);
        }
        (await service.GetAsync("/idempotency-keys/nobody")).Status.ShouldBe(404);
        (await service.GetAsync("/idempotency-keys/k1", ("X-Merchant-Id", "other"))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Merchants_SameKeyAndId_TwoPaymentsThatDoNotSeeEachOther()
    {
        await using var service = await PaymentService.StartAsync();
        var body = new { amount = 100, currency = "USD" };

        var a = await service.PostAsync("/PaymentService/p/Create", "k", body, ("X-Merchant-Id", "a"));
        var b = await service.PostAsync("/PaymentService/p/Create", "k", body, ("X-Merchant-Id", "b"));

        a.Status.ShouldBe(201);
        b.Status.ShouldBe(201);
        (await service.GetAsync("/restate/output/" + a.Header("X-Invocation-Id"), ("X-Merchant-Id", "b"))).Status.ShouldBe(404);
        (await service.GetAsync("/PaymentService/p/Status")).Status.ShouldBe(404);
        (await service.LedgerAsync()).Length.ShouldBe(2);
    }

    [Fact]
    public async Task ApiKeys_Configured_MerchantComesFromTheKey()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("secret-a")));
        await using var service = await PaymentService.StartAsync("--Auth:ApiKeys:0:Merchant", "a", "--Auth:ApiKeys:0:Sha256", hash);
        var body = new { amount = 100, currency = "USD" };

        (await service.PostAsync("/payments", "k", body)).Status.ShouldBe(401);
        (await service.PostAsync("/payments", "k", body, ("Authorization", "Bearer wrong"))).Code.ShouldBe("unauthorized");
        (await service.PostAsync("/payments", "k", body, ("Authorization", "Bearer secret-a"))).Status.ShouldBe(201);
        (await service.PostAsync("/payments", "k", body, ("X-Api-Key", "secret-a"))).Status.ShouldBe(200);
        (await service.PostAsync("/payments", "k", body, ("X-Api-Key", "secret-a"), ("X-Merchant-Id", "a"))).Status.ShouldBe(400);
        (await service.GetAsync("/health")).Status.ShouldBe(200);
        (await service.LedgerAsync()).Single().GetProperty("merchant").GetString().ShouldBe("a");
    }

    [Fact]
    public async Task Encryption_On_HistoryHoldsNoPlainText()
    {
        var key = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray());
        await using var service = await PaymentService.StartAsync("--Encryption:ActiveKey", "one", "--Encryption:Keys:one", key);

        (await service.PostAsync("/PaymentService/p/Create", "k", new { amount = 100, currency = "USD", customerId = "cust-4711" })).Status.ShouldBe(201);

        var history = await service.Engine.Client.GetWorkflowHandle("payment/default/p").FetchHistoryAsync();
        history.Events.ShouldAllBe(e => !e.ToString().Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes("cust-4711")).Substring(0, 8)) && !e.ToString().Contains("cust-4711"));
        history.ToJson().ShouldContain("encryption-key-id");
    }

    [Fact]
    public async Task RateLimit_Exceeded_429WithRetryAfterAndNothingExecuted()
    {
        await using var service = await PaymentService.StartAsync("--Limits:RequestsPerSecond", "0.01", "--Limits:Burst", "1");

        (await service.PostAsync("/payments", "k1", new { amount = 100, currency = "USD" })).Status.ShouldBe(201);
        var limited = await service.PostAsync("/payments", "k2", new { amount = 100, currency = "USD" });

        (limited.Status, limited.Code).ShouldBe((429, "overloaded"));
        int.Parse(limited.Header("Retry-After")!).ShouldBeGreaterThan(50);
        (await service.PostAsync("/payments", "k2", new { amount = 100, currency = "USD" }, ("X-Merchant-Id", "other"))).Status.ShouldBe(201);
        (await service.LedgerAsync()).Length.ShouldBe(2);
    }
}
