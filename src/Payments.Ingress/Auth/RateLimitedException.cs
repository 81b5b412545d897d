namespace Payments.Ingress;

/// <summary>The merchant sends faster than it may.</summary>
public sealed class RateLimitedException(TimeSpan retryAfter) : Exception("The merchant's request rate is over its limit.")
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
