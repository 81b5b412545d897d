using System.Collections.Concurrent;

namespace Durable.Server.Matching;

/// <summary>
/// Task queues in memory: entries by priority and in order of arrival on one side, pollers on the other. After a restart the
/// runs put their ready work back.
/// </summary>
/// <remarks>Thread-safe, one lock per queue; a waiting poller costs one completion source and nothing else.</remarks>
public sealed class TaskMatcher(TimeProvider clock)
{
    private readonly ConcurrentDictionary<TaskQueueKey, Queue> queues = new();

    // Rates that were set for queues, which may come and go meanwhile.
    private readonly ConcurrentDictionary<TaskQueueKey, double> configured = new();

    private const int MaximumDeparted = 10_000;

    // Workers that have shut down: a poll that they sent before may still arrive.
    private readonly ConcurrentDictionary<(string Namespace, string WorkerKey), DateTimeOffset> departed = new();

    /// <summary>Gives the entry to a poller that waits, or keeps it.</summary>
    public void Add(TaskQueueKey key, TaskEntry entry)
    {
        using var queue = Enter(key);
        queue.Value.Entries.Enqueue(entry);
        queue.Value.Match();
    }

    /// <summary>Takes a waiting poller out of the queue, to be given a started task after the commit, or <see cref="Return"/>ed.</summary>
    public ReservedPoller? TryReserve(TaskQueueKey key)
    {
        using var queue = Enter(key);
        // Older entries go first; a queue that has some has no pollers, or holds them back.
        if (queue.Value.Entries.Count > 0 || !queue.Value.HasPoller || !queue.Value.MayGive() || queue.Value.TakePoller() is not { } poller)
        {
            return null;
        }
        poller.IsReserved = true;
        return new ReservedPoller(key, poller);
    }

    /// <summary>Puts the poller back where it was: first in its queue, unless something came for it meanwhile or its time is over.</summary>
    public void Return(ReservedPoller reserved)
    {
        using var queue = Enter(reserved.Key);
        reserved.Poller.IsReserved = false;
        queue.Value.Rate?.Return();
        if (reserved.Poller.IsOver)
        {
            reserved.Poller.TrySetResult(null);
            return;
        }
        queue.Value.Pollers.AddFirst(reserved.Poller.Node);
        queue.Value.Match();
    }

    /// <summary>Waits for an entry; null when <paramref name="wait"/> is over or the poller was released.</summary>
    /// <exception cref="OperationCanceledException">The caller went away; no entry is lost by that.</exception>
    public async Task<Handout?> PollAsync(TaskQueueKey key, string identity, string workerKey, TimeSpan wait, CancellationToken cancellationToken)
    {
        var poller = new Poller(identity, workerKey);
        using (var queue = Enter(key))
        {
            if (workerKey.Length > 0 && departed.ContainsKey((key.Namespace, workerKey)))
            {
                return null;
            }
            queue.Value.Saw(identity, clock.GetUtcNow());
            queue.Value.Pollers.AddLast(poller.Node);
            queue.Value.Match();
        }
        try
        {
            return await poller.Task.WaitAsync(wait, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is TimeoutException or OperationCanceledException)
        {
            using (var queue = Enter(key))
            {
                queue.Value.Saw(identity, clock.GetUtcNow());
                poller.IsOver = true;
                if (poller.Node.List is not null)
                {
                    queue.Value.Pollers.Remove(poller.Node);
                }
                if (!poller.IsReserved)
                {
                    poller.TrySetResult(null);
                }
            }
            if (ended is TimeoutException)
            {
                // Null, or what came in this very moment: a task that is being committed for this poller is worth its short wait.
                return await poller.Task.ConfigureAwait(false);
            }
            if (poller.Task is { IsCompletedSuccessfully: true, Result.Entry: { } entry })
            {
                Add(key, entry);
            }
            throw;
        }
    }

    /// <summary>How many tasks a second the queue gives out from now on; zero: none. The last worker that says something wins.</summary>
    public void SetRate(TaskQueueKey key, double perSecond)
    {
        using var queue = Enter(key);
        queue.Value.AskFor(perSecond);
    }

    /// <summary>The same, whatever workers ask for; null: what they ask for counts again.</summary>
    public void Configure(TaskQueueKey key, double? perSecond)
    {
        if (perSecond is { } rate)
        {
            configured[key] = rate;
        }
        else
        {
            configured.TryRemove(key, out _);
        }
        foreach (var version in VersionsOf(key))
        {
            using var queue = Enter(version);
            queue.Value.Configure(perSecond);
        }
    }

    /// <summary>What somebody set, or else what workers asked for; null: nothing.</summary>
    public double? RateOf(TaskQueueKey key)
    {
        if (!queues.TryGetValue(key, out var queue))
        {
            return null;
        }
        lock (queue.Gate)
        {
            return queue.Rate?.PerSecond;
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
            var entries = queue.Entries.TakeAll();
            queue.LastPoll = DateTimeOffset.MinValue;
            return entries;
        }
    }

    /// <summary>Takes out what waits for workers of any version, for whoever knows where it belongs now.</summary>
    public IReadOnlyList<TaskEntry> TakeAll(TaskQueueKey key)
    {
        var entries = new List<TaskEntry>();
        foreach (var version in VersionsOf(key))
        {
            if (queues.TryGetValue(version, out var queue))
            {
                lock (queue.Gate)
                {
                    entries.AddRange(queue.Entries.TakeAll());
                }
            }
        }
        return entries;
    }

    /// <summary>The queue of this name and its like for workers of versions, as far as they are used.</summary>
    public IEnumerable<TaskQueueKey> VersionsOf(TaskQueueKey key) => queues.Keys.Where(other => other with { Version = key.Version } == key);

    /// <summary>Names of queues where something waits, whatever the version.</summary>
    public IReadOnlyCollection<TaskQueueKey> Waiting()
    {
        var waiting = new HashSet<TaskQueueKey>();
        foreach (var key in queues.Keys)
        {
            if (Backlog(key) > 0)
            {
                waiting.Add(key with { Version = null });
            }
        }
        return waiting;
    }

    /// <summary>Ends the polls of one worker with empty answers, those too that are still on their way.</summary>
    public void Release(string namespaceName, string workerKey)
    {
        if (departed.Count < MaximumDeparted)
        {
            departed[(namespaceName, workerKey)] = clock.GetUtcNow();
        }
        foreach (var (key, queue) in queues)
        {
            if (key.Namespace == namespaceName)
            {
                queue.Release(poller => poller.WorkerKey == workerKey);
            }
        }
    }

    /// <summary>Ends all polls with empty answers.</summary>
    public void ReleaseAll()
    {
        foreach (var queue in queues.Values)
        {
            queue.Release(static _ => true);
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

    /// <summary>Forgets queues that hold nothing and that nobody polled for <paramref name="idle"/>: each worker makes a sticky queue of its own.</summary>
    public void Trim(TimeSpan idle)
    {
        var now = clock.GetUtcNow();
        foreach (var (worker, at) in departed)
        {
            if (now - at > idle)
            {
                departed.TryRemove(worker, out _);
            }
        }
        foreach (var (key, queue) in queues)
        {
            lock (queue.Gate)
            {
                if (queue.Entries.Count == 0 && queue.Pollers.Count == 0 && now - queue.LastPoll > idle)
                {
                    queue.IsGone = true;
                    queue.Dispose();
                    queues.TryRemove(key, out _);
                }
            }
        }
    }

    public int QueueCount => queues.Count;

    private Held Enter(TaskQueueKey key)
    {
        while (true)
        {
            var queue = queues.GetOrAdd(key, static (key, matcher) => matcher.NewQueue(key), this);
            queue.Gate.Enter();
            if (!queue.IsGone)
            {
                return new Held(queue);
            }
            queue.Gate.Exit();
        }
    }

    private Queue NewQueue(TaskQueueKey key)
    {
        var queue = new Queue(clock);
        if (configured.TryGetValue(key with { Version = null }, out var rate))
        {
            queue.Configure(rate);
        }
        return queue;
    }

    private readonly ref struct Held(Queue queue)
    {
        public Queue Value => queue;

        public void Dispose() => queue.Gate.Exit();
    }

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

        /// <summary>Promised a task whose commit is under way. Under the queue's gate, as is <see cref="IsOver"/>.</summary>
        public bool IsReserved { get; set; }

        /// <summary>Its caller's time is over or its caller is gone.</summary>
        public bool IsOver { get; set; }
    }

    private sealed class Queue(TimeProvider clock) : IDisposable
    {
        private ITimer? wake;
        private double? asked;
        private double? set;

        public Lock Gate { get; } = new();

        public TaskEntries Entries { get; } = new();

        public LinkedList<Poller> Pollers { get; } = new();

        public Dictionary<string, DateTimeOffset> Seen { get; } = new(StringComparer.Ordinal);

        public DateTimeOffset LastPoll { get; set; } = DateTimeOffset.MinValue;

        /// <summary>Taken out of the dictionary: whoever still holds it must ask again.</summary>
        public bool IsGone { get; set; }

        /// <summary>Null: as fast as they come.</summary>
        public DispatchRate? Rate { get; private set; }

        public void AskFor(double perSecond)
        {
            asked = perSecond;
            ApplyRate();
        }

        public void Configure(double? perSecond)
        {
            set = perSecond;
            ApplyRate();
        }

        private void ApplyRate()
        {
            var perSecond = set ?? asked;
            if (Nullable.Equals(Rate?.PerSecond, perSecond))
            {
                return;
            }
            Rate = perSecond is { } rate ? new DispatchRate(rate, clock.GetUtcNow()) : null;
            Match();
        }

        public bool HasPoller => Pollers.Count > 0;

        /// <summary>Whether one more may go now; if not, the queue looks again by itself when it may.</summary>
        public bool MayGive()
        {
            if (Rate is null || Rate.TryTake(clock.GetUtcNow(), out var wait))
            {
                return true;
            }
            if (wait is { } soon)
            {
                wake ??= clock.CreateTimer(static queue => ((Queue)queue!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                wake.Change(soon, Timeout.InfiniteTimeSpan);
            }
            return false;
        }

        private void Wake()
        {
            lock (Gate)
            {
                Match();
            }
        }

        public void Dispose() => wake?.Dispose();

        /// <summary>Next entry to the poller that waits longest, while there are both.</summary>
        public void Match()
        {
            while (Entries.Count > 0 && HasPoller && MayGive())
            {
                if (TakePoller() is not { } poller)
                {
                    Rate?.Return();
                    return;
                }
                if (poller.TrySetResult(new Handout(Entries.Peek(), null)))
                {
                    Entries.Dequeue();
                }
            }
        }

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

        public void Release(Predicate<Poller> isMeant)
        {
            lock (Gate)
            {
                for (var node = Pollers.First; node is not null;)
                {
                    var next = node.Next;
                    if (isMeant(node.Value))
                    {
                        Pollers.Remove(node);
                        node.Value.TrySetResult(null);
                    }
                    node = next;
                }
            }
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
