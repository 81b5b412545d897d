namespace Durable.Server.Matching;

/// <summary>How many tasks a second a queue gives out: a bucket that holds those of one second, or one.</summary>
/// <remarks>Not thread-safe: under its queue's gate.</remarks>
internal sealed class DispatchRate(double asked, DateTimeOffset now)
{
    // More is no limit, and what is no number gives nothing.
    private const double Most = 1_000_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly double perSecond = double.IsNaN(asked) ? 0 : Math.Clamp(asked, 0, Most);
    private double tokens = Math.Max(1, Math.Min(asked, Most));
    private DateTimeOffset filledAt = now;

    /// <summary>As it was asked for.</summary>
    public double PerSecond => asked;

    /// <param name="wait">Until the next one may go; null: none will, at a rate of zero.</param>
    public bool TryTake(DateTimeOffset now, out TimeSpan? wait)
    {
        wait = null;
        if (perSecond <= 0)
        {
            return false;
        }
        tokens = Math.Min(Math.Max(1, perSecond), tokens + (Math.Max(0, (now - filledAt).TotalSeconds) * perSecond));
        filledAt = now;
        if (tokens >= 1)
        {
            tokens--;
            return true;
        }
        wait = TimeSpan.FromSeconds(Math.Min((1 - tokens) / perSecond, LongestWait.TotalSeconds));
        return false;
    }

    /// <summary>What was taken was not given out after all.</summary>
    public void Return() => tokens++;
}
