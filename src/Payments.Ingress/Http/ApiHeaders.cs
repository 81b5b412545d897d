namespace Payments.Ingress;

/// <summary>Header names of the contract.</summary>
public static class ApiHeaders
{
    public const string IdempotencyKey = "Idempotency-Key";
    public const string MerchantId = "X-Merchant-Id";
    public const string Prefer = "Prefer";
    public const string IdempotencyConflict = "Idempotency-Conflict";
    public const string Replayed = "Idempotent-Replayed";
    public const string XReplay = "X-Idempotent-Replay";
    public const string Expires = "Idempotency-Expires";
    public const string InvocationId = "X-Invocation-Id";
    public const string RestateId = "x-restate-id";
    public const string ErrorSource = "X-Error-Source";
    public const string ShouldRetry = "Should-Retry";
    public const string ApiKey = "X-Api-Key";
}
