using Polly;
using Polly.Retry;

namespace Payments.Client;

/// <summary>
/// Again while nobody knows: with pauses that double, and jitter, so that callers that failed together do not come back together; never sooner than the service
/// asked for.
/// </summary>
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
            ShouldHandle = arguments => ValueTask.FromResult(
                arguments.Outcome.Result is { Trouble: PaymentUnknownException } attempt
                && options.Time.GetElapsedTime(started) + Pause(options, arguments.AttemptNumber, attempt.RetryAfter, 1) <= options.GiveUpAfter),
            DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
                Pause(options, arguments.AttemptNumber, arguments.Outcome.Result?.RetryAfter, options.Random())),
        }).Build();
    }

    /// <summary>Half of the back-off and up to as much again; or what was asked for, when that is longer, and up to a quarter of the first pause.</summary>
    /// <param name="tries">In vain before the one that has just ended.</param>
    /// <param name="luck">From 0, the shortest pause, to 1, the longest.</param>
    private static TimeSpan Pause(PaymentsClientOptions options, int tries, TimeSpan? asked, double luck)
    {
        var backoff = TimeSpan.FromTicks((long)Math.Min(options.BackoffMax.Ticks, options.BackoffFirst.Ticks * Math.Pow(2, tries)));
        var own = backoff * ((1 + luck) / 2);
        var theirs = asked > TimeSpan.Zero ? asked.Value + (options.BackoffFirst * (luck / 4)) : TimeSpan.Zero;
        return theirs > own ? theirs : own;
    }
}
