namespace Payments.Client;

public sealed record Refund(string PaymentId, string RefundId, string Status, long RefundedAmount, long Remaining, bool Cached);
