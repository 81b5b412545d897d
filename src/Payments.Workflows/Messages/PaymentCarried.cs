namespace Payments.Workflows;

/// <summary>Everything a payment is, between two runs.</summary>
/// <param name="Works">By key hash: what was taken and has no outcome yet. The next run goes on with it; the gateway's keys make that harmless.</param>
/// <param name="Voiding">The attempt whose key this payment has asked the gateway to void; 0 for none.</param>
/// <param name="GivingUp">A cancellation is under way.</param>
/// <param name="Inherited">Refunds that an earlier life of this payment's id had made.</param>
public sealed record PaymentCarried(
    PaymentView Payment, int Attempt, IReadOnlyList<KeyEntry> Keys, DateTimeOffset? RefundWindowEnds,
    IReadOnlyDictionary<string, Work>? Works = null, int Voiding = 0, bool GivingUp = false, IReadOnlyList<KnownRefund>? Inherited = null);
