namespace Payments.Client;

/// <summary>Nobody knows yet whether the payment was made. Call again with the same intent; never make a new one.</summary>
public sealed class PaymentUnknownException(string message, Exception? inner) : PaymentsException(message, inner);
