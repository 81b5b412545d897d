namespace Payments.Client;

/// <param name="Amount">In minor units; null for all that is left.</param>
public sealed record RefundRequest(long? Amount = null, string? Reason = null);
