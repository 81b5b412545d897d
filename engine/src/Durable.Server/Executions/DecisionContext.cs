namespace Durable.Server.Executions;

/// <summary>What a decision may know of the world besides the run and the command.</summary>
public sealed class DecisionContext
{
    public required DateTimeOffset Now { get; init; }

    public required IIdSource Ids { get; init; }

    public ExecutionLimits Limits { get; init; } = ExecutionLimits.Default;

    public required ISearchAttributeRules SearchAttributes { get; init; }

    public required ICronCalendar Cron { get; init; }
}
