namespace Payments.Client;

/// <param name="Cached">The payment had been made by an earlier call.</param>
public sealed record Payment(
    string PaymentId, string? TransactionId, string Status, long Amount, string Currency, string? Description, string? CustomerId, DateTimeOffset? ProcessedAt, bool Cached);
