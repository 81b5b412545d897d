namespace Payments.Client;

/// <summary>How long to wait before the next try.</summary>
public static class Backoff
{
    /// <summary>
    /// Exponential with full jitter over its upper half, so that callers that failed together do not come back together; never less than the service asked for.
    /// </summary>
    /// <param name="attempt">The try that has just failed, from 1.</param>
    public static TimeSpan Next(int attempt, PaymentsClientOptions options, TimeSpan? retryAfter)
    {
        ArgumentNullException.ThrowIfNull(options);
        var exponential = options.BackoffFirst * Math.Pow(2, Math.Min(attempt - 1, 30));
        var capped = exponential < options.BackoffMax ? exponential : options.BackoffMax;
        var jittered = capped * (0.5 + options.Random() / 2);
        return retryAfter is { } asked && asked > jittered ? asked + capped * (options.Random() / 4) : jittered;
    }
}
