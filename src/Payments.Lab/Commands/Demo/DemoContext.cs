using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Payments.Lab.Traffic;
using Spectre.Console;

namespace Payments.Lab.Commands.Demo;

/// <summary>What the steps of the demo share: a lab, a caller, the ledger, and whether all went as it should.</summary>
internal sealed class DemoContext(LabSession lab, CancellationToken cancellation)
{
    public const long Amount = 10_000;

    /// <summary>Ids of one run differ from those of the last, so that the demo can be run again on the same lab.</summary>
    private readonly string run = Guid.NewGuid().ToString("N")[..8];

    public LabSession Lab => lab;

    public CancellationToken Cancellation => cancellation;

    public PaymentCaller Caller { get; } = new(lab.Http, lab.Addresses.Ingress);

    public Ledger Ledger { get; } = new(lab.Http, lab.Addresses.Gateway);

    public bool Well { get; private set; } = true;

    public string Id(string name) => $"demo-{run}-{name}";

    public static string? Of(PaymentAnswer answer, string member) => answer[member]?.ToString();

    public static void Say(string text) => AnsiConsole.MarkupLineInterpolated($"   {text}");

    /// <summary>Says what came out; when it is not what should, the demo fails in the end.</summary>
    public void Check(bool good, string text)
    {
        Well &= good;
        AnsiConsole.MarkupLineInterpolated($"   {(good ? "" : "wrong: ")}{text}");
    }

    public async Task CountAsync(string paymentId, int expected = 1)
    {
        var charges = await Ledger.ChargesOfAsync(paymentId, cancellation);
        Check(charges == expected, $"charges in the gateway's ledger: {charges}");
    }

    public Task<PaymentAnswer> CreateAsync(string id, string key, long amount = Amount, string token = "tok_success") =>
        Caller.CreateAsync(id, key, amount, token, cancellation);

    /// <summary>The same call with the same key until there is an outcome.</summary>
    public async Task<PaymentAnswer> UntilAnsweredAsync(string id, string key)
    {
        while (true)
        {
            try
            {
                if (await CreateAsync(id, key) is { Retry: false } answer)
                {
                    return answer;
                }
            }
            catch (HttpRequestException)
            {
                // The ingress is down for the moment.
            }
            await Task.Delay(100, cancellation);
        }
    }

    /// <summary>Said by the service: a worker that is busy for a while says nothing, and that is another status.</summary>
    public async Task<bool> IsGoneAsync(string address)
    {
        using var answer = await lab.Http.GetAsync(address, cancellation);
        return answer.StatusCode == HttpStatusCode.NotFound;
    }

    public async Task<JsonNode?> ReadAsync(string address)
    {
        using var answer = await lab.Http.GetAsync(address, cancellation);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonNode>(cancellation) : null;
    }
}
