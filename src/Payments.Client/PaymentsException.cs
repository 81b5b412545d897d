namespace Payments.Client;

/// <summary>A call without a success. The kind says what to do: choose another card, correct the request, or ask again with the same intent.</summary>
public abstract class PaymentsException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The card was declined, and stays declined under this key. Trying again needs a new intent.</summary>
public sealed class PaymentDeclinedException(string message, string? invocationId) : PaymentsException(message)
{
    public string? InvocationId { get; } = invocationId;
}

/// <summary>The service refused for good: an invalid request, a key that belongs to another body, a payment that exists.</summary>
public sealed class PaymentRefusedException(string code, int status, string message) : PaymentsException(message)
{
    /// <summary>The problem's code, e.g. <c>payment-exists</c>.</summary>
    public string Code { get; } = code;

    public int Status { get; } = status;
}

/// <summary>Nobody knows yet whether the payment was made. Call again with the same intent; never make a new one.</summary>
public sealed class PaymentUnknownException(string message, Exception? inner) : PaymentsException(message, inner);
