using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Payments.Connection;
using Payments.Gateway.Mock;
using Payments.Worker;
using Temporalio.Testing;

namespace Payments.Ingress.Tests;

/// <summary>The whole service in this process: a real engine, the gateway on a loopback port with its ledger in a folder of its own, worker and ingress.</summary>
public sealed class PaymentService : IAsyncDisposable
{
    private readonly List<WebApplication> apps = [];
    private readonly string folder = Directory.CreateTempSubdirectory("payments-").FullName;

    public required WorkflowEnvironment Engine { get; init; }

    public HttpClient Http { get; private set; } = null!;

    public HttpClient Gateway { get; private set; } = null!;

    /// <param name="settings">As on a command line, for worker and ingress.</param>
    public static async Task<PaymentService> StartAsync(params string[] settings)
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationBuilder();
        Microsoft.Extensions.Configuration.CommandLineConfigurationExtensions.AddCommandLine(configuration, settings);
        var engine = await WorkflowEnvironment.StartLocalAsync(new() { DataConverter = PaymentsConverter.Make(configuration.Build()) });
        var service = new PaymentService { Engine = engine };
        var gateway = await service.RunAsync(GatewayApp.Build(["--urls", "http://127.0.0.1:0", "--Gateway:Ledger", Path.Combine(service.folder, "ledger.log")]));
        string[] args = ["--environment", "Lab", "--urls", "http://127.0.0.1:0", "--Gateway:BaseUrl", gateway, .. settings];
        service.Gateway = new HttpClient { BaseAddress = new Uri(gateway) };
        var worker = await service.RunAsync(WorkerApp.Build(args, engine.Client));
        service.Http = new HttpClient { BaseAddress = new Uri(await service.RunAsync(IngressApp.Build(args, engine.Client))), Timeout = TimeSpan.FromSeconds(90) };
        using var workerHttp = new HttpClient { BaseAddress = new Uri(worker) };
        await UntilReadyAsync(workerHttp);
        await UntilReadyAsync(service.Http);
        return service;
    }

    public static HttpRequestMessage Message(HttpMethod method, string path, string? key = null, object? body = null, params (string Name, string Value)[] headers)
    {
        var message = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            message.Content = body is string text ? new StringContent(text, System.Text.Encoding.UTF8, "application/json") : JsonContent.Create(body);
        }
        if (key is not null)
        {
            message.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
        return message;
    }

    public Task<Answer> PostAsync(string path, string? key = null, object? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(Message(HttpMethod.Post, path, key, body, headers));

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(Message(HttpMethod.Get, path, null, null, headers));

    public async Task<Answer> SendAsync(HttpRequestMessage message)
    {
        using var response = await Http.SendAsync(message);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(
            (int)response.StatusCode, text,
            response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Movements of money, as the gateway tells them.</summary>
    public async Task<JsonElement[]> LedgerAsync(string what = "charges") => (await Gateway.GetFromJsonAsync<JsonElement[]>("/" + what))!;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Gateway.Dispose();
        foreach (var app in Enumerable.Reverse(apps))
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        await Engine.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task UntilReadyAsync(HttpClient http)
    {
        // Readiness is a question that only the process can answer; asked again until it does, with a bound.
        for (var i = 0; i < 600; i++)
        {
            if ((await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode)
            {
                return;
            }
            await Task.Delay(50);
        }
        throw new TimeoutException($"{http.BaseAddress} did not get ready in 30 s.");
    }

    private async Task<string> RunAsync(WebApplication app)
    {
        apps.Add(app);
        await app.StartAsync();
        return app.Urls.Single();
    }
}

/// <summary>A response, read to its end.</summary>
public sealed record Answer(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string? Code => Json.GetProperty("code").GetString();

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
