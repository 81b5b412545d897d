using System.Collections.Concurrent;

namespace Payments.Ingress;

/// <summary>
/// Requests per merchant, as a bucket that leaks (GCRA): one number per merchant says when its bucket is empty. Thread-safe without locks.
/// </summary>
public sealed class RateLimit(LimitOptions limits, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, StrongBox> emptyAt = new(StringComparer.Ordinal);

    /// <returns>Zero when the request may go on, otherwise how long to wait.</returns>
    public TimeSpan Take(string merchant)
    {
        if (limits.RequestsPerSecond <= 0)
        {
            return TimeSpan.Zero;
        }
        var now = time.GetUtcNow().UtcTicks;
        var cost = (long)(TimeSpan.TicksPerSecond / limits.RequestsPerSecond);
        var depth = cost * Math.Max(1, limits.Burst);
        var bucket = emptyAt.GetOrAdd(merchant, static _ => new StrongBox());
        while (true)
        {
            var seen = Volatile.Read(ref bucket.Ticks);
            var next = Math.Max(seen, now) + cost;
            if (next - now > depth)
            {
                return TimeSpan.FromTicks(next - now - depth);
            }
            if (Interlocked.CompareExchange(ref bucket.Ticks, next, seen) == seen)
            {
                return TimeSpan.Zero;
            }
        }
    }

    private sealed class StrongBox
    {
        public long Ticks;
    }
}
