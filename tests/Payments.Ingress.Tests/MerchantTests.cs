using System.Security.Cryptography;
using System.Text;

namespace Payments.Ingress.Tests;

/// <summary>With API keys: everything of another merchant is invisible, as if it did not exist.</summary>
public class MerchantTests
{
    private static readonly object Body = new { amount = 10_000, currency = "USD" };
    private static readonly (string, string) A = ("Authorization", "Bearer secret-a");
    private static readonly (string, string) B = ("X-Api-Key", "secret-b");

    [Fact]
    public async Task AnothersMerchant_EveryRoute_404AndNothingInListsOrStats()
    {
        await using var service = await PaymentService.StartAsync(
            "--Auth:ApiKeys:0:Merchant", "a", "--Auth:ApiKeys:0:Sha256", Hash("secret-a"), "--Auth:ApiKeys:1:Merchant", "b", "--Auth:ApiKeys:1:Sha256", Hash("secret-b"));
        var created = await service.PostAsync("/PaymentService/p/Create", "k", Body, A);
        var minted = await service.PostAsync("/payments", "k", Body, A);
        var id = created.Header("X-Invocation-Id");
        var target = new { target = "idempotentInvocation", service = "PaymentService", key = "p", handler = "Create", idempotencyKey = "k" };

        foreach (var message in new[]
        {
            PaymentService.Message(HttpMethod.Get, "/PaymentService/p/Status", null, null, B),
            PaymentService.Message(HttpMethod.Post, "/PaymentService/p/GetStatus", null, null, B),
            PaymentService.Message(HttpMethod.Post, "/PaymentService/p/Refund", "r", new { amount = 1 }, B),
            PaymentService.Message(HttpMethod.Post, "/PaymentService/p/Cancel", null, null, B),
            PaymentService.Message(HttpMethod.Get, "/payments/p", null, null, B),
            PaymentService.Message(HttpMethod.Get, "/api/v1/payments/" + minted.Json.GetProperty("id").GetString(), null, null, B),
            PaymentService.Message(HttpMethod.Get, "/restate/attach/" + id, null, null, B),
            PaymentService.Message(HttpMethod.Get, "/restate/output/" + id, null, null, B),
            PaymentService.Message(HttpMethod.Post, "/restate/attach", null, target, B),
            PaymentService.Message(HttpMethod.Post, "/restate/output", null, target, B),
            PaymentService.Message(HttpMethod.Post, "/restate/lookup", null, target, B),
            PaymentService.Message(HttpMethod.Patch, $"/invocations/{id}/cancel", null, null, B),
            PaymentService.Message(HttpMethod.Get, "/idempotency-keys/k", null, null, B),
            PaymentService.Message(HttpMethod.Get, "/idempotency-keys/k?operation=PaymentService/p/Create", null, null, B),
        })
        {
            var answer = await service.SendAsync(message);
            (answer.Status, answer.Code).ShouldBe((404, "not-found"), message.RequestUri!.ToString());
        }

        (await service.GetAsync("/payments", B)).Json.GetProperty("payments").GetArrayLength().ShouldBe(0);
        foreach (var stats in new[] { "/payments/stats", "/admin/stats" })
        {
            (await service.GetAsync(stats, B)).Json.GetProperty("count").GetInt64().ShouldBe(0);
        }
        (await service.GetAsync("/payments", A)).Json.GetProperty("payments").GetArrayLength().ShouldBe(2);
        (await service.PostAsync("/PaymentService/p/Create", "k", Body, B)).Status.ShouldBe(201);
        (await service.LedgerAsync()).Length.ShouldBe(3);
    }

    [Theory]
    [InlineData("GET", "/payments")]
    [InlineData("GET", "/payments/stats")]
    [InlineData("POST", "/payments")]
    [InlineData("POST", "/PaymentService/p/Create")]
    [InlineData("GET", "/PaymentService/p/Status")]
    [InlineData("GET", "/restate/output/inv_x")]
    [InlineData("GET", "/idempotency-keys/k")]
    [InlineData("DELETE", "/payments")]
    public async Task NoKeyOrAWrongOne_401WithAChallenge(string method, string path)
    {
        await using var service = await PaymentService.StartAsync("--Auth:ApiKeys:0:Merchant", "a", "--Auth:ApiKeys:0:Sha256", Hash("secret-a"));
        foreach (var headers in new (string, string)[][] { [], [("Authorization", "Bearer secret-b")], [("Authorization", "Basic c2VjcmV0LWE=")], [("X-Api-Key", "")] })
        {
            var answer = await service.SendAsync(PaymentService.Message(new HttpMethod(method), path, "k", method == "POST" ? Body : null, headers));

            (answer.Status, answer.Code, answer.Header("WWW-Authenticate"), answer.Header("Should-Retry")).ShouldBe((401, "unauthorized", "Bearer", "false"));
        }
        (await service.LedgerAsync("attempts")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Encryption_On_RefusalsAndDeclinesAreReadableAllTheSame()
    {
        await using var service = await PaymentService.StartAsync(
            "--Encryption:ActiveKey", "one", "--Encryption:Keys:one", Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray()));
        await service.PostAsync("/PaymentService/p/Create", "k", Body);

        var mismatch = await service.PostAsync("/PaymentService/p/Create", "k", new { amount = 1, currency = "USD" });
        var exceeds = await service.PostAsync("/PaymentService/p/Refund", "r", new { amount = 10_001 });

        (mismatch.Status, mismatch.Json.GetProperty("expectedFingerprint").GetString()!.Length).ShouldBe((422, 16));
        exceeds.Code.ShouldBe("refund-exceeds-payment");
        (await service.GetAsync("/PaymentService/p/Status")).Status.ShouldBe(200);
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
