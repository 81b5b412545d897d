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
    private string[] arguments = [];
    private readonly string folder = Directory.CreateTempSubdirectory("payments-").FullName;

    public required WorkflowEnvironment Engine { get; init; }

    public HttpClient Http { get; private set; } = null!;

    public HttpClient Gateway { get; private set; } = null!;

    /// <summary>Base address of the worker's health and metrics.</summary>
    public HttpClient WorkerHttp { get; } = new();

    /// <param name="settings">As on a command line, for worker and ingress.</param>
    public static Task<PaymentService> StartAsync(params string[] settings) => StartAsync(null, true, settings);

    /// <param name="configure">Last changes to the ingress.</param>
    /// <param name="withWorker">False: nobody works, as when the worker is down.</param>
    public static async Task<PaymentService> StartAsync(Action<WebApplicationBuilder>? configure, bool withWorker, params string[] settings)
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationBuilder();
        Microsoft.Extensions.Configuration.CommandLineConfigurationExtensions.AddCommandLine(configuration, settings);
        var engine = await WorkflowEnvironment.StartLocalAsync(new()
        {
            DataConverter = PaymentsConverter.Make(configuration.Build()), Interceptors = [new Tracing()],
        });
        var service = new PaymentService { Engine = engine };
        var gateway = await service.RunAsync(GatewayApp.Build(["--urls", "http://127.0.0.1:0", "--Gateway:Ledger", Path.Combine(service.folder, "ledger.log")]));
        // A busy machine is no worker that is away: questions are given up when their test has long failed.
        string[] args = ["--environment", "Lab", "--urls", "http://127.0.0.1:0", "--Gateway:BaseUrl", gateway, "--Limits:QueryTimeout", "00:01:00", .. settings];
        service.arguments = args;
        service.Gateway = new HttpClient { BaseAddress = new Uri(gateway) };
        if (withWorker)
        {
            await service.StartWorkerAsync();
        }
        service.Http = new HttpClient
        {
            BaseAddress = new Uri(await service.RunAsync(IngressApp.Build(args, engine.Client, configure))), Timeout = TimeSpan.FromSeconds(90),
        };
        await UntilReadyAsync(service.Http);
        return service;
    }

    /// <summary>For a service that was started without one.</summary>
    public async Task StartWorkerAsync()
    {
        WorkerHttp.BaseAddress = new Uri(await RunAsync(WorkerApp.Build(arguments, Engine.Client)));
        await UntilReadyAsync(WorkerHttp);
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

    /// <summary>Sets the gateway's fault plan: one rule, as JSON.</summary>
    public async Task FaultAsync(string rule)
    {
        using var plan = new StringContent($$"""{"rules":[{{rule}}]}""", System.Text.Encoding.UTF8, "application/json");
        (await Gateway.PostAsync(new Uri("/faults", UriKind.Relative), plan)).EnsureSuccessStatusCode();
    }

    /// <summary>The next charge waits at gate "g" before anything happens.</summary>
    public Task HoldChargesAsync() => FaultAsync("""{"operation":"charge","action":"hold","gate":"g"}""");

    /// <summary>Returns when so many requests are at gate "g".</summary>
    public async Task HeldAsync(int count = 1) =>
        (await Gateway.GetAsync(new Uri($"/gates/g?waiting={count}&timeoutMs=30000", UriKind.Relative))).EnsureSuccessStatusCode();

    /// <summary>Ends the fault plan; what waits goes on.</summary>
    public async Task ReleaseAsync() => (await Gateway.DeleteAsync(new Uri("/faults", UriKind.Relative))).EnsureSuccessStatusCode();

    /// <summary>Asks again until the answer is as wished, with a bound.</summary>
    public static async Task<Answer> UntilAsync(Func<Task<Answer>> ask, Func<Answer, bool> wished)
    {
        var answer = await ask();
        for (var i = 0; i < 600 && !wished(answer); i++)
        {
            await Task.Delay(50);
            answer = await ask();
        }
        return wished(answer) ? answer : throw new TimeoutException($"After 30 s: {answer.Status} {answer.Text}");
    }

    /// <summary>Movements of money, as the gateway tells them.</summary>
    public async Task<JsonElement[]> LedgerAsync(string what = "charges") => (await Gateway.GetFromJsonAsync<JsonElement[]>("/" + what))!;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        WorkerHttp.Dispose();
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
