namespace Payments.Client;

/// <summary>The service refused for good: an invalid request, a key that belongs to another body, a payment that exists.</summary>
public sealed class PaymentRefusedException(string code, int status, string message) : PaymentsException(message)
{
    /// <summary>The problem's code, e.g. <c>payment-exists</c>.</summary>
    public string Code { get; } = code;

    public int Status { get; } = status;
}
