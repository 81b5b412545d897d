using System.Collections.Concurrent;

namespace Payments.Ingress;

/// <summary>
/// Final outcomes by identity, so that a replay asks nobody. Two generations: what is read moves to the young one, and when that is full the old one
/// goes. An entry never outlives its key's record. Thread-safe; reading takes no lock.
/// </summary>
public sealed class OutcomeCache(int capacity, TimeProvider time)
{
    private readonly Lock turning = new();
    private volatile ConcurrentDictionary<string, Reply> young = new(StringComparer.Ordinal);
    private volatile ConcurrentDictionary<string, Reply> old = new(StringComparer.Ordinal);
    private int youngCount;

    public Reply? Find(string identity)
    {
        if (!young.TryGetValue(identity, out var reply))
        {
            if (!old.TryGetValue(identity, out reply))
            {
                return null;
            }
            Add(identity, reply);
        }
        return reply.Expires > time.GetUtcNow() ? reply : null;
    }

    public void Add(string identity, Reply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (capacity == 0 || !reply.Final || reply.Expires is null || !young.TryAdd(identity, reply))
        {
            return;
        }
        if (Interlocked.Increment(ref youngCount) > capacity / 2)
        {
            lock (turning)
            {
                if (youngCount > capacity / 2)
                {
                    old = young;
                    young = new(StringComparer.Ordinal);
                    youngCount = 0;
                }
            }
        }
    }

    /// <summary>Forgets everything, when the lab is cleared.</summary>
    public void Clear()
    {
        lock (turning)
        {
            old = new(StringComparer.Ordinal);
            young = new(StringComparer.Ordinal);
            youngCount = 0;
        }
    }
}
