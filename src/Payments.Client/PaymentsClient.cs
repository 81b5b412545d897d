using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Payments.Client;

/// <summary>
/// Calls the payment service so that a retry is never a second payment: every operation has a key before it is first sent, keeps it over all tries and, through
/// <see cref="IKeyStore"/>, over a restart of the caller. Tries end when the service says that trying again is no use. Thread-safe.
/// </summary>
public sealed class PaymentsClient(HttpClient http, PaymentsClientOptions? options = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly PaymentsClientOptions options = options ?? new PaymentsClientOptions();

    /// <summary>Pays, or gets the outcome of the same payment made before.</summary>
    /// <param name="intent">What the caller means to pay for, e.g. an order number: the same intent gets the same key.</param>
    /// <exception cref="PaymentDeclinedException">The card was declined; a new attempt needs a new intent.</exception>
    /// <exception cref="PaymentRefusedException">The service refused for good.</exception>
    /// <exception cref="PaymentUnknownException">No outcome yet. The payment may or may not have been made; the same intent finds out.</exception>
    public Task<Payment> PayAsync(string intent, PaymentRequest request, CancellationToken cancellationToken = default) =>
        SendAsync<Payment>("/payments", "pay:" + intent, request, cancellationToken);

    /// <summary>Pays under an id of the caller's own.</summary>
    /// <inheritdoc cref="PayAsync" path="/exception"/>
    public Task<Payment> CreateAsync(string paymentId, string intent, PaymentRequest request, CancellationToken cancellationToken = default) =>
        SendAsync<Payment>($"/PaymentService/{Uri.EscapeDataString(paymentId)}/Create", $"create:{paymentId}:{intent}", request, cancellationToken);

    /// <summary>Refunds all that is left, or part of it.</summary>
    /// <inheritdoc cref="PayAsync" path="/exception"/>
    public Task<Refund> RefundAsync(string paymentId, string intent, RefundRequest request, CancellationToken cancellationToken = default) =>
        SendAsync<Refund>($"/PaymentService/{Uri.EscapeDataString(paymentId)}/Refund", $"refund:{paymentId}:{intent}", request, cancellationToken);

    /// <summary>Null when there is no such payment.</summary>
    /// <exception cref="PaymentRefusedException">The service refused for good.</exception>
    /// <exception cref="PaymentUnknownException">No answer.</exception>
    public async Task<Payment?> GetStatusAsync(string paymentId, CancellationToken cancellationToken = default)
    {
        var path = $"/PaymentService/{Uri.EscapeDataString(paymentId)}/Status";
        try
        {
            return await RetryAsync<Payment>(() => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken).ConfigureAwait(false);
        }
        catch (PaymentRefusedException e) when (e.Status == (int)System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<T> SendAsync<T>(string path, string intent, object body, CancellationToken cancellationToken)
    {
        // Kept before it is sent: a caller that dies now finds the same key when it comes back.
        var key = await options.Keys.GetOrAddAsync(intent, options.MintKey, cancellationToken).ConfigureAwait(false);
        return await RetryAsync<T>(
            () => new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = JsonContent.Create(body, body.GetType(), options: Json), Headers = { { "Idempotency-Key", key } },
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> RetryAsync<T>(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        var last = await Retries.Of<T>(options).ExecuteAsync(async token => await TryAsync<T>(make, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return last.Trouble is null ? last.Result! : throw last.Trouble;
    }

    private async Task<Attempt<T>> TryAsync<T>(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        using var message = make();
        try
        {
            using var response = await http.SendAsync(message, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == System.Net.HttpStatusCode.Accepted)
            {
                return new(default, new PaymentUnknownException("The payment is under way.", null), RetryAfterOf(response.Headers));
            }
            if (response.IsSuccessStatusCode)
            {
                return new(await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken).ConfigureAwait(false));
            }
            var trouble = await ProblemOfAsync(response, cancellationToken).ConfigureAwait(false);
            return new(default, trouble, RetryAfterOf(response.Headers));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return new(default, new PaymentUnknownException("The service gave no answer.", e));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(default, new PaymentUnknownException("The service gave no answer in time.", e));
        }
    }

    private static async Task<PaymentsException> ProblemOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Problem? problem = null;
        try
        {
            problem = await response.Content.ReadFromJsonAsync<Problem>(Json, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            // A proxy in between has answered; the status has to do.
        }
        catch (NotSupportedException)
        {
            // Likewise, with a media type that is no JSON.
        }
        var status = (int)response.StatusCode;
        var code = problem?.Code ?? "http-" + status.ToString(CultureInfo.InvariantCulture);
        var detail = problem?.Detail ?? $"The service answered {status}.";
        // The service says itself whether trying again can help; where something else answered, it can after a time-out (408), too early (425), 429 and 5xx.
        var retry = response.Headers.TryGetValues("Should-Retry", out var values) ? values.First() == "true" : status is 408 or 425 or 429 or >= 500;
        return code switch
        {
            _ when retry => new PaymentUnknownException(detail, null),
            "payment-declined" => new PaymentDeclinedException(detail, problem!.InvocationId),
            _ => new PaymentRefusedException(code, status, detail),
        };
    }

    private TimeSpan? RetryAfterOf(HttpResponseHeaders headers) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - options.Time.GetUtcNow(),
        _ => null,
    };

    private sealed record Problem(string? Code, string? Detail, string? InvocationId);
}
