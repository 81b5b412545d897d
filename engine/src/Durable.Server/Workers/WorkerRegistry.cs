using System.Collections.Concurrent;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Worker.V1;

namespace Durable.Server.Workers;

/// <summary>The workers that tell of themselves, by what they said last; in memory only, as they tell again within a minute.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class WorkerRegistry(TimeProvider clock)
{
    /// <summary>Workers tell every 30 to 60 s: after this, one is dead.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>More than that are not told of: an entry is about a kilobyte, and none is larger than <see cref="MaximumBytes"/>.</summary>
    public const int MaximumWorkers = 10_000;

    private const int MaximumBytes = 16 * 1024;

    private readonly ConcurrentDictionary<(string Namespace, string InstanceKey), (WorkerHeartbeat Heartbeat, DateTimeOffset Seen)> workers = new();

    /// <summary>Takes in what a worker says of itself; one that has shut down is forgotten.</summary>
    public void Record(string namespaceName, WorkerHeartbeat heartbeat)
    {
        var key = (namespaceName, heartbeat.WorkerInstanceKey);
        if (heartbeat.Status == WorkerStatus.Shutdown)
        {
            workers.TryRemove(key, out _);
            return;
        }
        if (heartbeat.CalculateSize() > MaximumBytes)
        {
            return;
        }
        var now = clock.GetUtcNow();
        if (workers.Count >= MaximumWorkers && !workers.ContainsKey(key))
        {
            Forget(now);
            if (workers.Count >= MaximumWorkers)
            {
                return;
            }
        }
        workers[key] = (heartbeat, now);
    }

    public WorkerHeartbeat? Find(string namespaceName, string instanceKey) =>
        workers.TryGetValue((namespaceName, instanceKey), out var worker) && IsAlive(worker.Seen, clock.GetUtcNow()) ? worker.Heartbeat : null;

    /// <summary>The workers of a namespace, in order of their instance keys.</summary>
    public IEnumerable<WorkerHeartbeat> All(string namespaceName)
    {
        var now = clock.GetUtcNow();
        return workers
            .Where(worker => worker.Key.Namespace == namespaceName && IsAlive(worker.Value.Seen, now))
            .Select(static worker => worker.Value.Heartbeat)
            .OrderBy(static heartbeat => heartbeat.WorkerInstanceKey, StringComparer.Ordinal);
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, worker) in workers)
        {
            if (!IsAlive(worker.Seen, now))
            {
                workers.TryRemove(key, out _);
            }
        }
    }

    private static bool IsAlive(DateTimeOffset seen, DateTimeOffset now) => now - seen < Lifetime;
}
