namespace Payments.Ingress;

/// <summary>A kind of problem: what every answer of that kind says, and what its page under <c>/problems/{name}</c> tells.</summary>
/// <param name="Name">Last segment of the type URI.</param>
/// <param name="Code">What programs switch on.</param>
/// <param name="Source">Who refused: the ingress, or the invocation (the payment).</param>
/// <param name="Retryable">Whether sending the same request again can succeed.</param>
/// <param name="SameKey">Whether a new try should use the same key.</param>
/// <param name="Page">What happened and what to do.</param>
public sealed record ProblemType(string Name, string Code, int Status, string Title, string Source, bool Retryable, bool SameKey, string Page)
{
    private const string Ingress = "ingress";
    private const string Invocation = "invocation";

    public static readonly ProblemType KeyMissing = new("idempotency-key-missing", "idempotency-key-missing", 400, "The idempotency key is missing", Ingress, false, false,
        "This operation moves money and needs an Idempotency-Key header, so that a retry is not a second payment. Make a key once per intent (a random UUID per checkout attempt, or " +
        "customer and billing period for a subscription), keep it with the order, and send it with every try.");

    public static readonly ProblemType KeyInvalid = new("idempotency-key-invalid", "idempotency-key-invalid", 400, "The idempotency key is malformed", Ingress, false, false,
        "A key has 1 to 255 visible ASCII characters, bare or as a quoted string, in one header. Correct the header; nothing was stored under it.");

    public static readonly ProblemType KeyReused = new("idempotency-key-reused", "idempotency-key-reused", 422, "The idempotency key belongs to another request", Invocation, false, false,
        "The key was used before with another body. expectedFingerprint is that of the first body, actualFingerprint that of yours. If you meant to repeat the first request, send its body. " +
        "If this is another payment, use a new key.");

    public static readonly ProblemType InProgress = new("idempotency-key-in-progress", "in-progress", 409, "A request is still under way", Invocation, true, true,
        "A request with this key, or another one on the same payment, has no outcome yet. Wait as long as Retry-After says and send the same request with the same key.");

    public static readonly ProblemType PaymentExists = new("payment-exists", "payment-exists", 409, "The payment was already made", Invocation, false, false,
        "Another request has paid under this payment id. The customer is not charged again, whatever key comes. Ask for the payment's status; a different payment needs a different id.");

    public static readonly ProblemType ObjectExists = new("object-exists", "object-exists", 409, "The object was already made", Invocation, false, false,
        "Another request has made this object, and it is finished. Ask for its status; a different one needs a different id.");

    public static readonly ProblemType PaymentDeclined = new("payment-declined", "payment-declined", 402, "The payment was declined", Invocation, false, false,
        "The card's bank said no, and that answer is stored under the key: sending the request again gives the same answer and asks nobody. Another attempt, with another card, needs a new key.");

    public static readonly ProblemType PaymentCancelled = new("payment-cancelled", "payment-cancelled", 409, "The payment was cancelled", Invocation, false, false,
        "The payment was cancelled before it was captured, and its key is void at the gateway: nothing is ever charged under it. " +
        "A new payment needs a new payment id; this one is free again when the lifetime of its keys is over.");

    public static readonly ProblemType PaymentCaptured = new("payment-captured", "payment-captured", 409, "The payment is already captured", Invocation, false, false,
        "The money has moved, so there is nothing to cancel. Give it back with a refund.");

    public static readonly ProblemType PaymentStopped = new("payment-stopped", "payment-stopped", 409, "The payment was stopped by hand", Invocation, false, false,
        "An operator has terminated the payment's workflow, so nobody can refund or cancel it. Create the payment again with the same body under a new key: it is taken up from the gateway's " +
        "record with everything that was charged and refunded, and nothing is charged twice. Then send the refund or the cancellation again.");

    public static readonly ProblemType RefundExceeds = new("refund-exceeds-payment", "refund-exceeds-payment", 409, "The refund exceeds what is left", Invocation, false, false,
        "All refunds of a payment together never exceed what was captured. The refusal is stored under the key; a smaller refund needs a new key.");

    public static readonly ProblemType RefundDeclined = new("refund-declined", "refund-declined", 402, "The refund was refused", Invocation, false, false,
        "The gateway refused the refund for good. Nothing was given back.");

    public static readonly ProblemType RefundWindowClosed = new("refund-window-closed", "refund-window-closed", 409, "The refund window is closed", Invocation, false, false,
        "The payment was captured too long ago to be refunded here.");

    public static readonly ProblemType ValidationFailed = new("validation-failed", "validation-failed", 400, "The request is not valid", Ingress, false, false,
        "The members named in errors are missing or wrong. Nothing was executed and the key stays free: correct the body and use the same key.");

    public static readonly ProblemType TooLarge = new("body-too-large", "body-too-large", 413, "The body is too large", Ingress, false, false,
        "A request body has a size limit. Nothing was executed and the key stays free.");

    public static readonly ProblemType MediaType = new("unsupported-media-type", "unsupported-media-type", 415, "The body is not JSON", Ingress, false, false,
        "Send the body with Content-Type: application/json.");

    public static readonly ProblemType Overloaded = new("overloaded", "overloaded", 429, "Too many requests", Ingress, true, true,
        "Either your merchant sends faster than its limit, or too many requests are in flight on one payment, or it has seen too many keys. Nothing was executed. Wait as long as Retry-After says; same request, same key.");

    public static readonly ProblemType EngineUnavailable = new("engine-unavailable", "engine-unavailable", 503, "The service cannot answer now", Ingress, true, true,
        "The engine, or a worker that could answer, is out of reach. The request may or may not have been accepted; with the same key it is safe to send it again until it is answered.");

    public static readonly ProblemType NotReady = new("not-ready", "not-ready", 470, "The outcome is not there yet", Ingress, true, true,
        "The request is accepted and under way. Ask again later, or attach to wait for it.");

    public static readonly ProblemType NotFound = new("not-found", "not-found", 404, "Not found", Ingress, false, false,
        "There is no such payment, invocation, key, service or handler, or it belongs to another merchant.");

    public static readonly ProblemType MethodNotAllowed = new("method-not-allowed", "method-not-allowed", 405, "Method not allowed", Ingress, false, false,
        "The address exists, but not for this method; the Allow header names those that do.");

    public static readonly ProblemType Unauthorized = new("unauthorized", "unauthorized", 401, "Not authenticated", Ingress, false, false,
        "Send the API key of your merchant as Authorization: Bearer, or as X-Api-Key.");

    public static readonly ProblemType InvocationFailed = new("invocation-failed", "invocation-failed", 500, "The invocation failed", Invocation, false, true,
        "The handler ended with an error that it does not treat as an outcome. The same key gives the same answer.");

    public static readonly ProblemType InvocationCancelled = new("invocation-cancelled", "invocation-cancelled", 409, "The invocation was cancelled", Invocation, false, false,
        "The request was sent for later and taken back before its time. It was not executed and never will be; the same request again needs a new key.");

    public static IReadOnlyList<ProblemType> All { get; } =
    [
        KeyMissing, KeyInvalid, KeyReused, InProgress, PaymentExists, ObjectExists, PaymentDeclined, PaymentCancelled, PaymentCaptured, PaymentStopped, RefundExceeds, RefundDeclined,
        RefundWindowClosed, ValidationFailed, TooLarge, MediaType, Overloaded, EngineUnavailable, NotReady, NotFound, MethodNotAllowed, Unauthorized, InvocationFailed,
        InvocationCancelled,
    ];
}
