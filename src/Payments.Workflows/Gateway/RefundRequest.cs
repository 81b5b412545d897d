namespace Payments.Workflows;

/// <summary>One refund at the gateway.</summary>
public sealed record RefundRequest(string Key, string Merchant, string PaymentId, string TransactionId, long Amount, string Currency);
