namespace Payments.Client;

/// <summary>A call without a success. The kind says what to do: choose another card, correct the request, or ask again with the same intent.</summary>
public abstract class PaymentsException(string message, Exception? inner = null) : Exception(message, inner);
