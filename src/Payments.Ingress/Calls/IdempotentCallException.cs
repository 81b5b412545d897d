namespace Payments.Ingress;

/// <summary>The action ended with an exception, which is the outcome of its key.</summary>
public sealed class IdempotentCallException(string message, Exception inner) : Exception(message, inner);
