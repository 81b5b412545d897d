using Polly;
using Polly.Retry;

namespace Payments.Client;

/// <summary>Again while nobody knows: exponentially, with jitter, so that callers that failed together do not come back together; never sooner than the service asked for.</summary>
internal static class Retries
{
    public static ResiliencePipeline<Attempt<T>> Of<T>(PaymentsClientOptions options)
    {
        var builder = new ResiliencePipelineBuilder<Attempt<T>> { TimeProvider = options.Time };
        if (options.AttemptsMax <= 1)
        {
            return builder.Build();
        }
        var started = options.Time.GetTimestamp();
        return builder.AddRetry(new RetryStrategyOptions<Attempt<T>>
        {
            MaxRetryAttempts = options.AttemptsMax - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.BackoffFirst,
            MaxDelay = options.BackoffMax,
            Randomizer = options.Random,
            ShouldHandle = arguments => ValueTask.FromResult(
                arguments.Outcome.Result is { Trouble: PaymentUnknownException } attempt
                && options.Time.GetElapsedTime(started) + (attempt.RetryAfter ?? TimeSpan.Zero) <= options.GiveUpAfter),
            // Up to a quarter of the first pause on top; null leaves the pause to the exponential rule.
            DelayGenerator = arguments => ValueTask.FromResult(
                arguments.Outcome.Result?.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked + (options.BackoffFirst * (options.Random() / 4)) : (TimeSpan?)null),
        }).Build();
    }
}
