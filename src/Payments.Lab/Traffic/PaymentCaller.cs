using System.Net.Http.Headers;
using System.Text;

namespace Payments.Lab.Traffic;

/// <summary>Calls the service as any HTTP client would.</summary>
public sealed class PaymentCaller(HttpClient http, string ingress)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary><c>POST /PaymentService/{id}/Create</c>.</summary>
    public Task<PaymentAnswer> CreateAsync(string paymentId, string? key, long amount, string token = "tok_success", CancellationToken cancellation = default) =>
        PostAsync($"/PaymentService/{Uri.EscapeDataString(paymentId)}/Create", key,
            $$"""{"amount":{{amount}},"currency":"USD","paymentMethod":"{{token}}"}""", cancellation);

    /// <summary><c>POST /payments</c>: the service makes the id.</summary>
    public Task<PaymentAnswer> PayAsync(string? key, long amount, string description, CancellationToken cancellation = default) =>
        PostAsync("/payments", key, $$"""{"amount":{{amount}},"currency":"USD","description":"{{description}}"}""", cancellation);

    public Task<PaymentAnswer> PostAsync(string path, string? key, string body, CancellationToken cancellation = default) =>
        PostAsync(path, key, body, merchant: null, cancellation);

    /// <param name="merchant">Null: the service's default.</param>
    public async Task<PaymentAnswer> PostAsync(string path, string? key, string body, string? merchant, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ingress + path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = Json;
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        if (merchant is not null)
        {
            request.Headers.Add("X-Merchant-Id", merchant);
        }
        using var answer = await http.SendAsync(request, cancellation).ConfigureAwait(false);
        var text = await answer.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
        return new PaymentAnswer((int)answer.StatusCode, text, Says("Idempotent-Replayed"), Says("Should-Retry"));

        bool Says(string header) => answer.Headers.TryGetValues(header, out var values) && values.First() == "true";
    }
}
