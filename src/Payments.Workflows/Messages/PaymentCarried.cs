namespace Payments.Workflows;

/// <summary>Everything a payment is, between two runs.</summary>
public sealed record PaymentCarried(PaymentView Payment, int Attempt, IReadOnlyList<KeyEntry> Keys, DateTimeOffset? RefundWindowEnds);
