using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Payments.Gateway.Mock.Ledger;

namespace Payments.Gateway.Mock.Http;

/// <summary>Reads a charge or refund from a request, or says which member makes no sense.</summary>
internal static class MoneyRequests
{
    private const int KeyMax = 255;
    private const int TextMax = 200;

    public static async Task<(MoneyRequest? Request, string? Problem)> ReadChargeAsync(HttpRequest http)
    {
        var (body, problem) = await ReadAsync(http, GatewayJson.Default.ChargeBody).ConfigureAwait(false);
        return body is null ? (null, problem)
            : Check(new MoneyRequest(Operations.Charge, Key(http), body.Merchant ?? "", body.PaymentId ?? "", body.Amount ?? 0, body.Currency ?? "",
                body.PaymentMethod ?? "tok_success", null, body.Owner));
    }

    public static async Task<(MoneyRequest? Request, string? Problem)> ReadRefundAsync(HttpRequest http)
    {
        var (body, problem) = await ReadAsync(http, GatewayJson.Default.RefundBody).ConfigureAwait(false);
        return body is null ? (null, problem)
            : body.ChargeId is not { Length: > 0 and <= TextMax } ? (null, $"chargeId must have 1 to {TextMax} characters.")
            : Check(new MoneyRequest(Operations.Refund, Key(http), body.Merchant ?? "", body.PaymentId ?? "", body.Amount ?? 0, body.Currency ?? "",
                null, body.ChargeId, body.Owner));
    }

    private static (MoneyRequest? Request, string? Problem) Check(MoneyRequest request) => request switch
    {
        { Key.Length: 0 or > KeyMax } => (null, $"Idempotency-Key must have 1 to {KeyMax} characters."),
        { Merchant.Length: 0 or > TextMax } => (null, $"merchant must have 1 to {TextMax} characters."),
        { PaymentId.Length: 0 or > TextMax } => (null, $"paymentId must have 1 to {TextMax} characters."),
        { Amount: <= 0 } => (null, "amount must be a whole number of minor units above 0."),
        _ when request.Currency.Length != 3 || !request.Currency.All(char.IsAsciiLetterUpper) => (null, "currency must be three capital letters."),
        { PaymentMethod.Length: 0 or > TextMax } => (null, $"paymentMethod must have 1 to {TextMax} characters."),
        { Owner.Length: > TextMax } => (null, $"owner must have at most {TextMax} characters."),
        _ => (request, null),
    };

    private static async Task<(T? Body, string? Problem)> ReadAsync<T>(HttpRequest http, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            var body = await JsonSerializer.DeserializeAsync(http.Body, type, http.HttpContext.RequestAborted).ConfigureAwait(false);
            return body is null ? (null, "The body must be a JSON object.") : (body, null);
        }
        catch (JsonException e)
        {
            return (null, $"The body is not what is expected at {e.Path ?? "its begin"}.");
        }
    }

    private static string? Key(HttpRequest http) => http.Headers.TryGetValue("Idempotency-Key", out var values) ? values.ToString() : null;
}
