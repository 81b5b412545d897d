namespace Durable.Server.Executions;

/// <summary>All transitions of a state machine. What is not in the table is a bug and says so with state and event.</summary>
/// <remarks>Each use is counted, so that a test can tell which rows nothing ever took.</remarks>
public sealed class TransitionTable<TState, TEvent>
    where TState : struct, Enum
    where TEvent : struct, Enum
{
    private readonly Dictionary<(TState, TEvent), TState> next = [];
    private readonly HashSet<(TState, TEvent)> taken = [];

    public TransitionTable(string name, params (TState From, TEvent Event, TState To)[] rows)
    {
        Name = name;
        Rows = rows;
        foreach (var (from, @event, to) in rows)
        {
            next.Add((from, @event), to);
        }
    }

    public string Name { get; }

    /// <summary>Whether uses are counted. Tests switch it on; a server has no use for it.</summary>
    public bool Counting { get; set; }

    public IReadOnlyList<(TState From, TEvent Event, TState To)> Rows { get; }

    /// <summary>Rows that were taken at least once in this process.</summary>
    public IReadOnlyCollection<(TState From, TEvent Event)> Taken
    {
        get
        {
            lock (taken)
            {
                return [.. taken];
            }
        }
    }

    /// <exception cref="InvalidOperationException">The table has no such row.</exception>
    public TState Next(TState state, TEvent @event)
    {
        if (!next.TryGetValue((state, @event), out var to))
        {
            throw new InvalidOperationException($"Bug: {Name} in state {state} got {@event}");
        }
        if (Counting)
        {
            lock (taken)
            {
                taken.Add((state, @event));
            }
        }
        return to;
    }

    /// <summary>The table as a Mermaid state diagram, for engine/ARCHITECTURE.md.</summary>
    public string ToMermaid()
    {
        var lines = new List<string> { "stateDiagram-v2" };
        foreach (var (from, @event, to) in Rows)
        {
            lines.Add($"    {from} --> {to}: {@event}");
        }
        return string.Join('\n', lines);
    }
}
