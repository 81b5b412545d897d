using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Payments.Lab.Traffic;

/// <summary>Counts where it counts: at the gateway.</summary>
public sealed class Ledger(HttpClient http, string gateway)
{
    public async Task<int> ChargesOfAsync(string paymentId, CancellationToken cancellation = default) =>
        (await http.GetFromJsonAsync<JsonArray>($"{gateway}/charges?paymentId={Uri.EscapeDataString(paymentId)}", cancellation).ConfigureAwait(false))!.Count;

    public async Task<IReadOnlyDictionary<string, int>> ChargesByPaymentAsync(CancellationToken cancellation = default) =>
        (await http.GetFromJsonAsync<JsonArray>($"{gateway}/charges", cancellation).ConfigureAwait(false))!
            .GroupBy(charge => charge!["paymentId"]!.GetValue<string>(), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    public async Task<int> ChargesAsync(CancellationToken cancellation = default) =>
        (await http.GetFromJsonAsync<JsonNode>($"{gateway}/stats", cancellation).ConfigureAwait(false))!["charges"]!.GetValue<int>();
}
