using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Payments.Workflows;

namespace Payments.Worker;

/// <summary>The card gateway's HTTP API. What an answer means is decided here; what no answer means, too.</summary>
public sealed class GatewayClient(HttpClient http)
{
    public const string DefaultUrl = "http://localhost:8090";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static HttpClient MakeHttp(string baseUrl) => new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(2),
        // A restarted gateway must not meet connections of its former life for long.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    })
    {
        BaseAddress = new Uri(baseUrl),
        Timeout = PaymentTimeouts.GatewayHttp,
    };

    /// <exception cref="GatewayException">No answer that can be trusted.</exception>
    public async Task<ChargeResult> ChargeAsync(ChargeRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var message = new HttpRequestMessage(HttpMethod.Post, "/charges")
        {
            Content = JsonContent.Create(
                new { request.Merchant, request.PaymentId, request.Amount, request.Currency, request.PaymentMethod, request.Owner }, options: Json),
        };
        message.Headers.Add("Idempotency-Key", request.Key);
        var (status, body) = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        return status switch
        {
            HttpStatusCode.Created or HttpStatusCode.OK => Charged(body),
            HttpStatusCode.PaymentRequired => Declined(body),
            HttpStatusCode.Gone => new ChargeResult(ChargeResult.Voided, At: body.At),
            HttpStatusCode.Conflict => new ChargeResult(ChargeResult.Mismatch, Owner: body.Owner, Amount: body.Amount, Currency: body.Currency),
            _ => throw Unexpected(status),
        };
    }

    /// <exception cref="GatewayException">No answer that can be trusted.</exception>
    public async Task<ChargeResult> FindAsync(string key, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, "/keys/" + Uri.EscapeDataString(key));
        var (status, body) = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        return status switch
        {
            HttpStatusCode.OK => Known(body),
            HttpStatusCode.NotFound => new ChargeResult(ChargeResult.Unknown),
            _ => throw Unexpected(status),
        };
    }

    /// <exception cref="GatewayException">No answer that can be trusted.</exception>
    public async Task<ChargeResult> VoidAsync(string key, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Delete, "/keys/" + Uri.EscapeDataString(key));
        var (status, body) = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        return status switch
        {
            // Voided, or refused before: either way nothing moves under it any more. A conflict means that money has moved.
            HttpStatusCode.OK or HttpStatusCode.Conflict => Known(body) is { State: not ChargeResult.Unknown } known
                ? known
                : throw GatewayException.Unknown($"a voided key is said to be '{body.Status}'"),
            _ => throw Unexpected(status),
        };
    }

    /// <exception cref="GatewayException">No answer that can be trusted.</exception>
    public async Task<RefundResult> RefundAsync(RefundRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var message = new HttpRequestMessage(HttpMethod.Post, "/refunds")
        {
            Content = JsonContent.Create(
                new { request.Merchant, request.PaymentId, ChargeId = request.TransactionId, request.Amount, request.Currency }, options: Json),
        };
        message.Headers.Add("Idempotency-Key", request.Key);
        var (status, body) = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        return status switch
        {
            HttpStatusCode.Created or HttpStatusCode.OK => new RefundResult(RefundResult.Refunded, body.Id, At: body.At, Replayed: body.Replayed),
            HttpStatusCode.PaymentRequired or HttpStatusCode.Gone => new RefundResult(
                RefundResult.Declined, null, body.Code ?? body.Status, body.Message, Replayed: body.Replayed),
            // The key stands for a refund of another amount: what it did is the truth.
            HttpStatusCode.Conflict => await FindRefundAsync(request.Key, cancellationToken).ConfigureAwait(false),
            _ => throw Unexpected(status),
        };
    }

    /// <exception cref="GatewayException">No answer that can be trusted.</exception>
    public async Task<IReadOnlyList<KnownRefund>> FindRefundsAsync(string merchant, string paymentId, string transactionId, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, $"/payments/{Uri.EscapeDataString(paymentId)}?merchant={Uri.EscapeDataString(merchant)}");
        var (status, body) = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        return status switch
        {
            HttpStatusCode.OK => [.. (body.Refunds ?? [])
                .Where(refund => refund.ChargeId == transactionId)
                .Select(refund => new KnownRefund(refund.Key ?? "", refund.Id ?? "", refund.Amount, refund.At ?? DateTimeOffset.UnixEpoch))],
            HttpStatusCode.NotFound => [],
            _ => throw Unexpected(status),
        };
    }

    private async Task<RefundResult> FindRefundAsync(string key, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, "/keys/" + Uri.EscapeDataString(key));
        var (status, body) = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        return (status, body.Status) switch
        {
            (HttpStatusCode.OK, "refunded") => new RefundResult(RefundResult.Refunded, body.Id, At: body.At, Amount: body.Amount),
            (HttpStatusCode.OK, "declined" or "voided") => new RefundResult(RefundResult.Declined, null, body.Code ?? body.Status, body.Message),
            _ => throw GatewayException.Unknown($"the gateway says {(int)status} of a refund's key"),
        };
    }

    private static ChargeResult Charged(GatewayBody body) => new(
        ChargeResult.Captured, body.Id, At: body.At, Owner: body.Owner, Replayed: body.Replayed, Amount: body.Amount, Currency: body.Currency);

    private static ChargeResult Declined(GatewayBody body) => new(
        ChargeResult.Declined, Code: body.Code, Message: body.Message, At: body.At, Owner: body.Owner, Replayed: body.Replayed);

    private static ChargeResult Known(GatewayBody body) => body.Status switch
    {
        "captured" => Charged(body),
        "declined" => Declined(body),
        "voided" => new ChargeResult(ChargeResult.Voided, At: body.At),
        _ => new ChargeResult(ChargeResult.Unknown),
    };

    private static GatewayException Unexpected(HttpStatusCode status) => status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
        ? GatewayException.Unavailable($"the gateway says {(int)status}")
        : GatewayException.Unknown($"the gateway says {(int)status}");

    private async Task<(HttpStatusCode Status, GatewayBody Body)> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.SendAsync(message, cancellationToken).ConfigureAwait(false);
            if (!(response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) ?? false))
            {
                return (response.StatusCode, new GatewayBody());
            }
            var body = await response.Content.ReadFromJsonAsync<GatewayBody>(Json, cancellationToken).ConfigureAwait(false);
            return (response.StatusCode, body ?? new GatewayBody());
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError)
        {
            // Nothing was sent.
            throw GatewayException.Unavailable(e.Message);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            throw GatewayException.Unknown(e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw GatewayException.Unknown($"no answer within {PaymentTimeouts.GatewayHttp.TotalSeconds} s");
        }
    }

    /// <summary>Everything that any of the gateway's bodies may say.</summary>
    private sealed record GatewayBody
    {
        public string? Id { get; init; }

        public string? Status { get; init; }

        public string? Code { get; init; }

        public string? Message { get; init; }

        public string? Owner { get; init; }

        public string? Currency { get; init; }

        public long Amount { get; init; }

        public bool Replayed { get; init; }

        public DateTimeOffset? At { get; init; }

        public string? Key { get; init; }

        public string? ChargeId { get; init; }

        public GatewayBody[]? Refunds { get; init; }
    }
}
