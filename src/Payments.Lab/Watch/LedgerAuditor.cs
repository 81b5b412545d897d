using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Payments.Lab.Watch;

/// <summary>Compares the gateway's ledger with what the service says of itself. It only reads.</summary>
internal sealed class LedgerAuditor(HttpClient http, LabAddresses addresses, TimeProvider clock)
{
    private static readonly string[] Paid = ["captured", "partially_refunded", "refunded"];
    private static readonly string[] Open = ["processing", "pending_reconciliation"];

    /// <summary>A scrape and a person who looks should not each cost a count of all payments.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim one = new(1, 1);
    private LedgerAudit? last;
    private long lastAt;

    public async Task<LedgerAudit> ReadAsync(CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (last is not null && clock.GetElapsedTime(lastAt) < Fresh)
            {
                return last;
            }
            // The service first: a payment that ends between the two reads is then charged and pending, not charged and unknown.
            var service = await http.GetFromJsonAsync<JsonNode>(addresses.Ingress + "/admin/stats", cancellation).ConfigureAwait(false);
            var ledger = await http.GetFromJsonAsync<JsonNode>(addresses.Gateway + "/stats", cancellation).ConfigureAwait(false);
            last = new LedgerAudit(ledger!["charges"]!.GetValue<long>(), Count(service, Paid), Count(service, Open));
            lastAt = clock.GetTimestamp();
            return last;
        }
        finally
        {
            one.Release();
        }
    }

    private static long Count(JsonNode? stats, string[] statuses) =>
        stats?["byStatus"] is JsonObject counts ? statuses.Sum(status => counts[status]?.GetValue<long>() ?? 0) : 0;
}
