namespace Payments.Client;

/// <param name="Amount">In minor units of the currency.</param>
/// <param name="PaymentMethod">The card's token; the service takes no card numbers.</param>
public sealed record PaymentRequest(long Amount, string Currency, string? Description = null, string? CustomerId = null, string? PaymentMethod = null);

/// <param name="Amount">In minor units; null for all that is left.</param>
public sealed record RefundRequest(long? Amount = null, string? Reason = null);

/// <param name="Cached">The payment had been made by an earlier call.</param>
public sealed record Payment(
    string PaymentId, string? TransactionId, string Status, long Amount, string Currency, string? Description, string? CustomerId, DateTimeOffset? ProcessedAt, bool Cached);

public sealed record Refund(string PaymentId, string RefundId, string Status, long RefundedAmount, long Remaining, bool Cached);
