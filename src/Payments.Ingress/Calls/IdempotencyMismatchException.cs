namespace Payments.Ingress;

/// <summary>The key was used with another request.</summary>
public sealed class IdempotencyMismatchException(string expectedFingerprint, string actualFingerprint)
    : Exception($"The idempotency key was used with another request (expected {expectedFingerprint}, got {actualFingerprint}).")
{
    public string ExpectedFingerprint { get; } = expectedFingerprint;

    public string ActualFingerprint { get; } = actualFingerprint;
}
