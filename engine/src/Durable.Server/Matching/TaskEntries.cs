using Durable.Server.Executions;

namespace Durable.Server.Matching;

/// <summary>What waits in one queue: by priority, and in order of arrival within one.</summary>
/// <remarks>Not thread-safe: under its queue's gate.</remarks>
internal sealed class TaskEntries
{
    // Most queues only ever have one level.
    private readonly Queue<TaskEntry>?[] levels = new Queue<TaskEntry>?[Priorities.Lowest];

    public int Count { get; private set; }

    public void Enqueue(TaskEntry entry)
    {
        (levels[entry.Priority - 1] ??= new Queue<TaskEntry>()).Enqueue(entry);
        Count++;
    }

    /// <summary>The entry that goes out next; there has to be one.</summary>
    public TaskEntry Peek() => First().Peek();

    public void Dequeue()
    {
        First().Dequeue();
        Count--;
    }

    public IReadOnlyList<TaskEntry> TakeAll()
    {
        var all = new List<TaskEntry>(Count);
        foreach (var level in levels)
        {
            all.AddRange(level ?? []);
            level?.Clear();
        }
        Count = 0;
        return all;
    }

    private Queue<TaskEntry> First()
    {
        foreach (var level in levels)
        {
            if (level is { Count: > 0 })
            {
                return level;
            }
        }
        throw new InvalidOperationException("Bug: the queue is empty");
    }
}
