using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Payments.Lab;
using Payments.Lab.Processes;
using Payments.Lab.Traffic;

namespace Payments.EndToEnd.Tests;

/// <summary>A lab of real processes on free ports with a folder of its own, shared by the tests of a class; they differ by payment id.</summary>
public class LabFixture : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("lab-").FullName;
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(1) }) { Timeout = TimeSpan.FromSeconds(100) };

    public RunningLab Lab { get; private set; } = null!;

    public HttpClient Http => http;

    public PaymentCaller Caller { get; private set; } = null!;

    public Ledger Ledger { get; private set; } = null!;

    /// <summary>Beside the lab's own settings, by process.</summary>
    protected virtual IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Settings { get; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    public async ValueTask InitializeAsync()
    {
        Lab = await RunningLab.StartAsync(new LabOptions { Ports = LabPorts.Free(), Data = folder, Settings = Settings, ReadyWithin = TimeSpan.FromMinutes(2) });
        Caller = new PaymentCaller(http, Lab.Addresses.Ingress);
        Ledger = new Ledger(http, Lab.Addresses.Gateway);
    }

    public async ValueTask DisposeAsync()
    {
        if (Lab is not null)
        {
            await Lab.DisposeAsync();
        }
        http.Dispose();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The next request about the payment waits at a gate: before anything, or when it is charged and nobody was told.</summary>
    public Task HoldAsync(string paymentId, bool charged) =>
        FaultAsync(new { paymentId, action = charged ? "hold-after" : "hold", gate = paymentId, times = 1 });

    public async Task FaultAsync(params object[] rules)
    {
        using var answer = await http.PostAsJsonAsync(Lab.Addresses.Gateway + "/faults", new { rules });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Returns when the request is at the gate.</summary>
    public async Task HeldAsync(string paymentId)
    {
        using var answer = await http.GetAsync($"{Lab.Addresses.Gateway}/gates/{paymentId}?waiting=1&timeoutMs=30000");
        answer.IsSuccessStatusCode.ShouldBeTrue("no request came to the gateway within 30 s");
    }

    /// <summary>Ends the fault plan; what is held goes on.</summary>
    public async Task ReleaseAsync()
    {
        using var answer = await http.DeleteAsync(Lab.Addresses.Gateway + "/faults");
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>SIGKILL, and up again when <paramref name="down"/> is done.</summary>
    public async Task CrashAsync(string process, Func<Task>? down = null)
    {
        var child = Lab[process];
        await child.KillAsync();
        if (down is not null)
        {
            await down();
        }
        await child.StartAsync();
        await Lab.ReadyAsync();
    }

    /// <summary>As a caller should: the same key until there is a final answer, within 30 s.</summary>
    public async Task<PaymentAnswer> UntilAnsweredAsync(string paymentId, string token = "tok_success", long amount = 10_000)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var last = "nothing";
        while (true)
        {
            try
            {
                var answer = await Caller.CreateAsync(paymentId, paymentId, amount, token, late.Token);
                if (answer.Status is not (202 or 409 or 429 or 503))
                {
                    return answer;
                }
                last = $"{answer.Status} {answer.Body}";
            }
            catch (HttpRequestException e)
            {
                // Nobody listens, or the connection broke: the same key again.
                last = e.Message;
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{paymentId} had no final answer within 30 s; the last was: {last}");
            }
        }
    }

    public async Task<JsonNode> JsonAsync(string address) => (await http.GetFromJsonAsync<JsonNode>(address))!;
}
