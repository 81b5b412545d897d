namespace Payments.Workflows;

/// <summary>What a payment answers about one request: its outcome, that it is under way, or why it was not taken.</summary>
/// <param name="Record">What the key stands for, whatever the request's body; null when the payment does not know the key.</param>
/// <param name="Refusal">Set when the request was put into the history but could not be taken.</param>
/// <param name="Payment">Null while the payment is empty.</param>
public sealed record Answer(KeyRecord? Record, Refusal? Refusal, PaymentView? Payment);
