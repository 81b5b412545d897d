namespace Payments.Client;

/// <summary>The card was declined, and stays declined under this key. Trying again needs a new intent.</summary>
public sealed class PaymentDeclinedException(string message, string? invocationId) : PaymentsException(message)
{
    public string? InvocationId { get; } = invocationId;
}
