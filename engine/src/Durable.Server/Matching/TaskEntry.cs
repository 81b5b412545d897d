using Durable.Server.Executions;
using Durable.Server.Storage;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Matching;

/// <summary>Names a queue. Sticky queues are workflow queues with names that workers make up.</summary>
/// <param name="Version">Which workers poll it, <c>deployment:build</c>; null: those without a version.</param>
public readonly record struct TaskQueueKey(string Namespace, string Name, TaskQueueType Type, string? Version = null);

/// <summary>Something that waits for a poller. It only points to the run, which decides whether it is still true.</summary>
public abstract record TaskEntry(RunKey Run)
{
    /// <summary>From <see cref="Priorities.Highest"/> to <see cref="Priorities.Lowest"/>.</summary>
    public int Priority { get; init; } = Priorities.LevelOf(null);

    /// <summary>The only version whose workers may have it; null: the routing of its queue decides.</summary>
    public string? PinnedTo { get; init; }
}

public sealed record WorkflowTaskEntry(RunKey Run, int Stamp) : TaskEntry(Run);

public sealed record QueryTaskEntry(RunKey Run, string QueryId) : TaskEntry(Run);

public sealed record ActivityTaskEntry(RunKey Run, ActivityDispatch Activity) : TaskEntry(Run);

/// <summary>What a poller gets: an entry to start, or a task that was started for it in the commit that scheduled it.</summary>
public sealed record Handout(TaskEntry? Entry, Google.Protobuf.IMessage? Started);
