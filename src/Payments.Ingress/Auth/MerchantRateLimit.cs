using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Payments.Ingress;

/// <summary>A token bucket per merchant, before anything of a request is looked at.</summary>
public static class MerchantRateLimit
{
    public const string Policy = "merchant";

    /// <summary>More often than this a bucket is not filled up; the framework's own timer beats as often.</summary>
    private static readonly TimeSpan PeriodMin = TimeSpan.FromMilliseconds(100);

    public static void AddMerchantRateLimit(this IServiceCollection services, LimitOptions limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(Policy, http => RateLimitPartition.GetTokenBucketLimiter(
                http.RequestServices.GetRequiredService<Merchants>().Of(http), _ => Bucket(limits)));
            limiter.OnRejected = RefuseAsync;
        });
    }

    private static TokenBucketRateLimiterOptions Bucket(LimitOptions limits)
    {
        var period = TimeSpan.FromSeconds(1 / limits.RequestsPerSecond);
        period = period > PeriodMin ? period : PeriodMin;
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(1, limits.Burst),
            TokensPerPeriod = Math.Max(1, (int)Math.Round(limits.RequestsPerSecond * period.TotalSeconds)),
            ReplenishmentPeriod = period,
            QueueLimit = 0,
        };
    }

    private static ValueTask RefuseAsync(OnRejectedContext context, CancellationToken cancellationToken)
    {
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var time)
            ? time
            : context.HttpContext.RequestServices.GetRequiredService<IOptions<IdempotencyOptions>>().Value.RetryInterval;
        return new ValueTask(context.HttpContext.WriteProblemAsync(new(ProblemType.Overloaded, "Your merchant sends faster than its limit allows."), wait));
    }
}
