namespace Payments.Workflows;

/// <summary>Argument of <see cref="PaymentWorkflow"/>.</summary>
/// <param name="RefundWindow">How long a captured payment stays open for refunds.</param>
/// <param name="Carried">What the run before this one left, when the payment continued as new.</param>
public sealed record PaymentStart(string Merchant, string PaymentId, TimeSpan RefundWindow, PaymentCarried? Carried = null);
