namespace Payments.Workflows;

/// <summary>How a request can end, and why it can be refused. Refusals are named as the contract's problems.</summary>
public static class OutcomeCodes
{
    public const string Captured = "captured";
    public const string Refunded = "refunded";
    public const string Cancelled = "cancelled";

    /// <summary>There was nothing to cancel any more: the payment had been declined or cancelled.</summary>
    public const string NothingToCancel = "nothing-to-cancel";

    public const string Declined = "payment-declined";
    public const string PaymentCancelled = "payment-cancelled";
    public const string PaymentCaptured = "payment-captured";
    public const string PaymentExists = "payment-exists";

    /// <summary>The payment's workflow was ended by hand, so nobody decides about it.</summary>
    public const string PaymentStopped = "payment-stopped";

    public const string RefundExceedsPayment = "refund-exceeds-payment";
    public const string RefundDeclined = "refund-declined";
    public const string RefundWindowClosed = "refund-window-closed";
    public const string InProgress = "idempotency-key-in-progress";
    public const string KeyReused = "idempotency-key-reused";
    public const string NotFound = "not-found";
    public const string TooManyKeys = "too-many-keys";

    /// <summary>Withdrawn by its invocation id before it was due.</summary>
    public const string InvocationCancelled = "invocation-cancelled";
}
