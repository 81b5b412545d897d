using System.Net.Http.Json;

namespace Payments.Lab.Traffic;

/// <summary>
/// Pays every row of a file over a network that loses 30 % of the requests and 30 % of the answers, in three ways. The network is the fault proxy in front of
/// the ingress; each call is a new connection, because a connection keeps its luck.
/// </summary>
public sealed class MassPayment(HttpClient control, LabAddresses addresses)
{
    public const double LostRequests = 0.3;
    public const double LostAnswers = 0.3;

    private const int Callers = 16;

    /// <summary>Half of all tries fail (1 - 0.7 × 0.7): after forty, one row in 10^12 is left.</summary>
    private const int TriesMax = 40;

    public async Task<MassResult> RunAsync(RetryStyle style, IReadOnlyList<PaymentRow> rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var name = "mass-" + Guid.NewGuid().ToString("N");
        var before = await new Ledger(control, addresses.Gateway).ChargesAsync(cancellation).ConfigureAwait(false);
        var listen = await OpenProxyAsync(name, cancellation).ConfigureAwait(false);
        long calls = 0, confirmed = 0;
        try
        {
            using var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero };
            using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(60) };
            var caller = new PaymentCaller(http, "http://" + listen);
            await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = Callers, CancellationToken = cancellation }, async (row, token) =>
            {
                // One key for the intention to pay this row; blind retries do not know that they mean the same.
                var key = $"{name}-{row.Id}";
                for (var attempt = 1; attempt <= (style == RetryStyle.None ? 1 : TriesMax); attempt++)
                {
                    Interlocked.Increment(ref calls);
                    if (await PaidAsync(caller, style == RetryStyle.Keyed ? key : $"{key}-{attempt}", row, token).ConfigureAwait(false))
                    {
                        Interlocked.Increment(ref confirmed);
                        break;
                    }
                }
            }).ConfigureAwait(false);
        }
        finally
        {
            using var gone = await control.DeleteAsync($"{addresses.FaultProxy}/proxies/{name}", CancellationToken.None).ConfigureAwait(false);
        }
        var charges = await new Ledger(control, addresses.Gateway).ChargesAsync(cancellation).ConfigureAwait(false) - before;
        return new MassResult(style, rows.Count, calls, confirmed, charges);
    }

    private static async Task<bool> PaidAsync(PaymentCaller caller, string key, PaymentRow row, CancellationToken cancellation)
    {
        try
        {
            return (await caller.PayAsync(key, row.Amount, row.Description, cancellation).ConfigureAwait(false)).Paid;
        }
        catch (HttpRequestException)
        {
            // The caller cannot know whether the request or the answer was lost: that is the point.
            return false;
        }
    }

    private async Task<string> OpenProxyAsync(string name, CancellationToken cancellation)
    {
        using var made = await control.PostAsJsonAsync($"{addresses.FaultProxy}/proxies",
            new { name, listen = "127.0.0.1:0", upstream = new Uri(addresses.Ingress).Authority }, cancellation).ConfigureAwait(false);
        var proxy = await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonNode>(cancellation).ConfigureAwait(false);
        foreach (var (stream, toxicity) in new[] { ("upstream", LostRequests), ("downstream", LostAnswers) })
        {
            using var toxic = await control.PostAsJsonAsync($"{addresses.FaultProxy}/proxies/{name}/toxics",
                new { type = "reset_peer", stream, toxicity, attributes = new { timeout = 0 } }, cancellation).ConfigureAwait(false);
            toxic.EnsureSuccessStatusCode();
        }
        return proxy!["listen"]!.GetValue<string>();
    }
}
