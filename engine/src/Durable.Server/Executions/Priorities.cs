using Temporalio.Api.Common.V1;

namespace Durable.Server.Executions;

/// <summary>Priorities of tasks: 1 goes out first, 5 last. Fairness keys and weights are kept and passed on, and order nothing.</summary>
public static class Priorities
{
    public const int Highest = 1;
    public const int Lowest = 5;
    private const int Default = 3;

    /// <summary>Which of the levels tasks of this priority are queued at; larger keys are at the last.</summary>
    public static int LevelOf(Priority? priority) => priority is null or { PriorityKey: 0 } ? Default : Math.Clamp(priority.PriorityKey, Highest, Lowest);

    /// <summary>Field by field, what <paramref name="own"/> does not say is as in <paramref name="inherited"/>.</summary>
    public static Priority? Merge(Priority? inherited, Priority? own)
    {
        if (inherited is null || own is null)
        {
            return own ?? inherited;
        }
        return new Priority
        {
            PriorityKey = own.PriorityKey != 0 ? own.PriorityKey : inherited.PriorityKey,
            FairnessKey = own.FairnessKey.Length > 0 ? own.FairnessKey : inherited.FairnessKey,
            FairnessWeight = own.FairnessWeight != 0 ? own.FairnessWeight : inherited.FairnessWeight,
        };
    }

    /// <returns>What is wrong with it, in the genuine server's words; null when it is fine.</returns>
    public static string? Check(Priority? priority) => priority switch
    {
        { PriorityKey: < 0 } => "priority key can't be negative",
        { FairnessKey.Length: > 64 } => "fairness key length exceeds limit",
        { FairnessWeight: < 0 } => "must be greater than zero",
        _ => null,
    };
}
