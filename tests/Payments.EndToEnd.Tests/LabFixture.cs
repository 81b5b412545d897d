using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Payments.Lab;
using Payments.Lab.Processes;
using Payments.Lab.Traffic;

namespace Payments.EndToEnd.Tests;

/// <summary>A lab of real processes on free ports with a folder of its own, shared by the tests of a class; they differ by payment id.</summary>
public class LabFixture : IAsyncLifetime
{
    /// <summary>The service promises 30 s after a crash on a machine of its own; the machine that runs the tests does other things too.</summary>
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromMinutes(3);

    private readonly string folder = Directory.CreateTempSubdirectory("lab-").FullName;
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(1) }) { Timeout = TimeSpan.FromSeconds(100) };

    public RunningLab Lab { get; private set; } = null!;

    public HttpClient Http => http;

    public PaymentCaller Caller { get; private set; } = null!;

    public Ledger Ledger { get; private set; } = null!;

    /// <summary>Beside the lab's own settings, by process.</summary>
    protected virtual IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Settings { get; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    public virtual async ValueTask InitializeAsync()
    {
        Lab = await RunningLab.StartAsync(new LabOptions { Ports = LabPorts.Free(), Data = folder, Settings = Settings, ReadyWithin = TimeSpan.FromMinutes(2) });
        Caller = new PaymentCaller(http, Lab.Addresses.Ingress);
        Ledger = new Ledger(http, Lab.Addresses.Gateway);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (Lab is not null)
        {
            await Lab.DisposeAsync();
        }
        http.Dispose();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Requests about each payment wait at a gate named after it: before anything, or when they are decided and nobody was told. A worker that has waited
    /// too long asks again, and its second request waits there too.
    /// </summary>
    public Task HoldAsync(params (string PaymentId, string Operation, bool Decided)[] moments) =>
        FaultAsync([.. moments.Select(moment => (object)new
        {
            paymentId = moment.PaymentId, operation = moment.Operation, action = moment.Decided ? "hold-after" : "hold", gate = moment.PaymentId,
        })]);

    /// <summary>Charges of the payment wait at a gate.</summary>
    public Task HoldAsync(string paymentId, bool charged) => HoldAsync((paymentId, "charge", charged));

    public async Task FaultAsync(params object[] rules)
    {
        using var answer = await http.PostAsJsonAsync(Lab.Addresses.Gateway + "/faults", new { rules });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Returns when the request is at the gate.</summary>
    public async Task HeldAsync(string paymentId)
    {
        using var answer = await http.GetAsync($"{Lab.Addresses.Gateway}/gates/{paymentId}?waiting=1&timeoutMs=60000");
        answer.IsSuccessStatusCode.ShouldBeTrue($"no request of {paymentId} came to the gateway within a minute");
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

    /// <summary>As a caller should: the same key until there is a final answer.</summary>
    public Task<PaymentAnswer> UntilAnsweredAsync(string paymentId, string token = "tok_success", long amount = 10_000) =>
        UntilAnsweredAsync(paymentId, cancellation => Caller.CreateAsync(paymentId, paymentId, amount, token, cancellation));

    /// <inheritdoc cref="UntilAnsweredAsync(string, string, long)"/>
    public Task<PaymentAnswer> UntilRefundedAsync(string paymentId, string key, long amount) =>
        UntilAnsweredAsync(key, cancellation => Caller.PostAsync($"/PaymentService/{paymentId}/Refund", key, $$"""{"amount":{{amount}}}""", cancellation));

    /// <inheritdoc cref="UntilAnsweredAsync(string, string, long)"/>
    public static async Task<PaymentAnswer> UntilAnsweredAsync(string what, Func<CancellationToken, Task<PaymentAnswer>> call)
    {
        PaymentAnswer? final = null;
        var last = "nothing";
        await UntilAsync(() => $"{what} has a final answer; the last was: {last}", async cancellation =>
        {
            try
            {
                var answer = await call(cancellation);
                last = $"{answer.Status} {answer.Body}";
                final = answer.Retry ? null : answer;
            }
            catch (HttpRequestException e)
            {
                // Nobody listens, or the connection broke: the same key again.
                last = e.Message;
            }
            return final is not null;
        });
        return final!;
    }

    /// <summary>Asks until it is so.</summary>
    /// <exception cref="TimeoutException">It never was.</exception>
    public static async Task UntilAsync(Func<string> what, Func<CancellationToken, Task<bool>> isSo)
    {
        using var late = new CancellationTokenSource(AnsweredWithin);
        using var turn = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (!await isSo(late.Token))
            {
                await turn.WaitForNextTickAsync(late.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Not within {AnsweredWithin.TotalSeconds} s: {what()}");
        }
    }

    /// <summary>What moved for a payment, in the gateway's ledger: number of charges, sum charged, sum refunded.</summary>
    public async Task<(int Charges, long Charged, long Refunded)> MoneyAsync(string paymentId)
    {
        using var answer = await http.GetAsync($"{Lab.Addresses.Gateway}/payments/{Uri.EscapeDataString(paymentId)}");
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return (0, 0, 0);
        }
        var payment = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        return (payment["charges"]!.AsArray().Count, payment["charged"]!.GetValue<long>(), payment["refunded"]!.GetValue<long>());
    }

    /// <summary>Null when the service knows no such payment. Asked again while no worker answers in time.</summary>
    public async Task<string?> StatusAsync(string paymentId)
    {
        string? status = null;
        await UntilAsync(() => $"the service tells the status of {paymentId}", async cancellation =>
        {
            using var answer = await http.GetAsync($"{Lab.Addresses.Ingress}/PaymentService/{paymentId}/Status", cancellation);
            status = answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<JsonNode>(cancellation))!["status"]!.GetValue<string>() : null;
            return answer.StatusCode != HttpStatusCode.ServiceUnavailable;
        });
        return status;
    }

    public async Task<JsonNode> JsonAsync(string address) => (await http.GetFromJsonAsync<JsonNode>(address))!;
}
