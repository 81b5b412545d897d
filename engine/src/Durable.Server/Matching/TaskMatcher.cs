using System.Collections.Concurrent;

namespace Durable.Server.Matching;

/// <summary>
/// Task queues in memory: entries in order of arrival on one side, pollers on the other. After a restart the runs put their
/// ready work back.
/// </summary>
/// <remarks>Thread-safe, one lock per queue; a waiting poller costs one completion source and nothing else.</remarks>
public sealed class TaskMatcher(TimeProvider clock)
{
    private readonly ConcurrentDictionary<TaskQueueKey, Queue> queues = new();

    /// <summary>Gives the entry to a poller that waits, or keeps it.</summary>
    public void Add(TaskQueueKey key, TaskEntry entry)
    {
        var queue = Get(key);
        while (true)
        {
            Poller? poller;
            lock (queue.Gate)
            {
                poller = queue.TakePoller();
                if (poller is null)
                {
                    queue.Entries.Enqueue(entry);
                    return;
                }
            }
            if (poller.TrySetResult(new Handout(entry, null)))
            {
                return;
            }
        }
    }

    /// <summary>Takes a waiting poller out of the queue, to be given a started task after the commit, or <see cref="Return"/>ed.</summary>
    public ReservedPoller? TryReserve(TaskQueueKey key)
    {
        if (!queues.TryGetValue(key, out var queue))
        {
            return null;
        }
        lock (queue.Gate)
        {
            // Older entries go first.
            return queue.Entries.Count > 0 || queue.TakePoller() is not { } poller ? null : new ReservedPoller(key, poller);
        }
    }

    public void Return(ReservedPoller reserved)
    {
        var queue = Get(reserved.Key);
        lock (queue.Gate)
        {
            queue.Pollers.AddFirst(reserved.Poller.Node);
        }
    }

    /// <summary>Waits for an entry; null when <paramref name="wait"/> is over or the poller was released.</summary>
    /// <exception cref="OperationCanceledException">The caller went away; no entry is lost by that.</exception>
    public async Task<Handout?> PollAsync(TaskQueueKey key, string identity, string workerKey, TimeSpan wait, CancellationToken cancellationToken)
    {
        var queue = Get(key);
        Poller poller;
        lock (queue.Gate)
        {
            queue.Saw(identity, clock.GetUtcNow());
            if (queue.Entries.TryDequeue(out var entry))
            {
                return new Handout(entry, null);
            }
            poller = new Poller(identity, workerKey);
            queue.Pollers.AddLast(poller.Node);
        }
        try
        {
            return await poller.Task.WaitAsync(wait, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is TimeoutException or OperationCanceledException)
        {
            lock (queue.Gate)
            {
                if (poller.Node.List is not null)
                {
                    queue.Pollers.Remove(poller.Node);
                }
                queue.Saw(identity, clock.GetUtcNow());
            }
            if (!poller.TrySetResult(null) && poller.Task.Result is { } late)
            {
                // Matched in the same moment.
                if (ended is TimeoutException)
                {
                    return late;
                }
                if (late.Entry is { } entry)
                {
                    Add(key, entry);
                }
            }
            if (ended is TimeoutException)
            {
                return null;
            }
            throw;
        }
    }

    /// <summary>Whether somebody polls this queue or did within <paramref name="within"/>.</summary>
    public bool HasPoller(TaskQueueKey key, TimeSpan within)
    {
        if (!queues.TryGetValue(key, out var queue))
        {
            return false;
        }
        lock (queue.Gate)
        {
            return queue.Pollers.Count > 0 || clock.GetUtcNow() - queue.LastPoll < within;
        }
    }

    /// <summary>Takes all entries out: a sticky queue whose worker is gone.</summary>
    public IReadOnlyList<TaskEntry> Drain(TaskQueueKey key)
    {
        if (!queues.TryGetValue(key, out var queue))
        {
            return [];
        }
        lock (queue.Gate)
        {
            var entries = queue.Entries.ToArray();
            queue.Entries.Clear();
            queue.LastPoll = DateTimeOffset.MinValue;
            return entries;
        }
    }

    /// <summary>Ends the polls of one worker with empty answers.</summary>
    public void Release(string namespaceName, string workerKey)
    {
        foreach (var (key, queue) in queues)
        {
            if (key.Namespace != namespaceName)
            {
                continue;
            }
            List<Poller> released = [];
            lock (queue.Gate)
            {
                for (var node = queue.Pollers.First; node is not null;)
                {
                    var next = node.Next;
                    if (node.Value.WorkerKey == workerKey)
                    {
                        queue.Pollers.Remove(node);
                        released.Add(node.Value);
                    }
                    node = next;
                }
            }
            foreach (var poller in released)
            {
                poller.TrySetResult(null);
            }
        }
    }

    /// <summary>Who polled within the last five minutes, latest first.</summary>
    public IReadOnlyList<(string Identity, DateTimeOffset LastAccess)> Pollers(TaskQueueKey key)
    {
        if (!queues.TryGetValue(key, out var queue))
        {
            return [];
        }
        var since = clock.GetUtcNow() - TimeSpan.FromMinutes(5);
        lock (queue.Gate)
        {
            foreach (var poller in queue.Pollers)
            {
                queue.Seen[poller.Identity] = clock.GetUtcNow();
            }
            return [.. queue.Seen.Where(seen => seen.Value >= since).OrderByDescending(static seen => seen.Value).Select(static seen => (seen.Key, seen.Value))];
        }
    }

    public int Backlog(TaskQueueKey key)
    {
        if (!queues.TryGetValue(key, out var queue))
        {
            return 0;
        }
        lock (queue.Gate)
        {
            return queue.Entries.Count;
        }
    }

    private Queue Get(TaskQueueKey key) => queues.GetOrAdd(key, static _ => new Queue());

    internal sealed class Poller : TaskCompletionSource<Handout?>
    {
        public Poller(string identity, string workerKey)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            Identity = identity;
            WorkerKey = workerKey;
            Node = new LinkedListNode<Poller>(this);
        }

        public string Identity { get; }

        public string WorkerKey { get; }

        public LinkedListNode<Poller> Node { get; }
    }

    private sealed class Queue
    {
        public Lock Gate { get; } = new();

        public Queue<TaskEntry> Entries { get; } = new();

        public LinkedList<Poller> Pollers { get; } = new();

        public Dictionary<string, DateTimeOffset> Seen { get; } = new(StringComparer.Ordinal);

        public DateTimeOffset LastPoll { get; set; } = DateTimeOffset.MinValue;

        public Poller? TakePoller()
        {
            while (Pollers.First is { } first)
            {
                Pollers.RemoveFirst();
                if (!first.Value.Task.IsCompleted)
                {
                    return first.Value;
                }
            }
            return null;
        }

        public void Saw(string identity, DateTimeOffset now)
        {
            LastPoll = now;
            Seen[identity] = now;
            if (Seen.Count > 1000)
            {
                foreach (var old in Seen.Where(seen => now - seen.Value > TimeSpan.FromMinutes(5)).Select(static seen => seen.Key).ToArray())
                {
                    Seen.Remove(old);
                }
            }
        }
    }
}

/// <summary>A poller that nobody else will give anything to.</summary>
public sealed class ReservedPoller
{
    internal ReservedPoller(TaskQueueKey key, TaskMatcher.Poller poller)
    {
        Key = key;
        Poller = poller;
    }

    public TaskQueueKey Key { get; }

    public string Identity => Poller.Identity;

    internal TaskMatcher.Poller Poller { get; }

    /// <returns>False when the poller went away meanwhile.</returns>
    public bool Give(Google.Protobuf.IMessage started) => Poller.TrySetResult(new Handout(null, started));
}
