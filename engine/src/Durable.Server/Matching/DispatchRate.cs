namespace Durable.Server.Matching;

/// <summary>How many tasks a second a queue gives out: a bucket that holds those of one second, or one.</summary>
/// <remarks>Not thread-safe: under its queue's gate.</remarks>
internal sealed class DispatchRate(double perSecond, DateTimeOffset now)
{
    private double tokens = Math.Max(1, perSecond);
    private DateTimeOffset filledAt = now;

    public double PerSecond => perSecond;

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
        wait = TimeSpan.FromSeconds((1 - tokens) / perSecond);
        return false;
    }

    /// <summary>What was taken was not given out after all.</summary>
    public void Return() => tokens++;
}
