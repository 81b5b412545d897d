namespace Payments.Client;

/// <param name="Amount">In minor units of the currency.</param>
/// <param name="PaymentMethod">The card's token; the service takes no card numbers.</param>
public sealed record PaymentRequest(long Amount, string Currency, string? Description = null, string? CustomerId = null, string? PaymentMethod = null);
