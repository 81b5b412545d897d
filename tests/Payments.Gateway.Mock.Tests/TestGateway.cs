using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace Payments.Gateway.Mock.Tests;

/// <summary>A gateway in this process on a free port, with a ledger in a folder of its own; and what tests ask of it.</summary>
public sealed class TestGateway : IAsyncDisposable
{
    private WebApplication? app;

    public TestGateway() => Folder = Directory.CreateTempSubdirectory("gateway-").FullName;

    public string Folder { get; }

    public string LedgerPath => Path.Combine(Folder, "ledger.log");

    public HttpClient Http { get; private set; } = null!;

    public static async Task<TestGateway> StartAsync()
    {
        var gateway = new TestGateway();
        await gateway.StartAgainAsync();
        return gateway;
    }

    public async Task StartAgainAsync()
    {
        app = GatewayApp.Build(["--urls", "http://127.0.0.1:0", "--Gateway:Ledger", LedgerPath]);
        await app.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public async Task StopAsync()
    {
        Http?.Dispose();
        if (app is not null)
        {
            await app.DisposeAsync();
            app = null;
        }
    }

    public Task<HttpResponseMessage> ChargeAsync(string? key, string token = "tok_success", long amount = 10_000, string payment = "payment-1", CancellationToken cancellation = default) =>
        PostAsync("/charges", key, new { merchant = "m", paymentId = payment, amount, currency = "USD", paymentMethod = token, owner = "run-1" }, cancellation);

    public Task<HttpResponseMessage> RefundAsync(string? key, string chargeId, long amount, string currency = "USD", string payment = "payment-1") =>
        PostAsync("/refunds", key, new { merchant = "m", paymentId = payment, chargeId, amount, currency });

    public async Task<HttpResponseMessage> PostAsync(string path, string? key, object body, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        return await Http.SendAsync(request, cancellation);
    }

    public async Task SetFaultsAsync(object plan) => (await PostAsync("/faults", null, plan)).EnsureSuccessStatusCode();

    public async Task<JsonArray> ListAsync(string path) => (JsonArray)(await JsonAsync(path))!;

    public async Task<JsonNode?> JsonAsync(string path) => JsonNode.Parse(await Http.GetStringAsync(path));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
