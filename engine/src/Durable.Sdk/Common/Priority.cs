namespace Temporalio.Common;

/// <summary>Order and fairness among tasks of one queue.</summary>
public sealed record Priority
{
    /// <param name="priorityKey">1 is first; null: the server's default, 3.</param>
    public Priority(int? priorityKey = null, string? fairnessKey = null, float? fairnessWeight = null)
    {
        PriorityKey = priorityKey;
        FairnessKey = fairnessKey;
        FairnessWeight = fairnessWeight;
    }

    public static Priority Default { get; } = new();

    public int? PriorityKey { get; init; }

    /// <summary>Up to 64 bytes; tasks with different keys take turns.</summary>
    public string? FairnessKey { get; init; }

    /// <summary>From 0.001 to 1000; null: 1.</summary>
    public float? FairnessWeight { get; init; }
}
