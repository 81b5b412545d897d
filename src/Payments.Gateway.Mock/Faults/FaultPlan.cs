namespace Payments.Gateway.Mock.Faults;

/// <summary>What goes wrong, as set over HTTP.</summary>
public sealed record FaultPlan
{
    public int Seed { get; init; }

    public LatencyRange? Latency { get; init; }

    /// <summary>Settable, because generated JSON code resets init-only members that are absent.</summary>
    public IReadOnlyList<FaultRule> Rules { get; set; } = [];

    /// <returns>What is wrong with the plan, or null.</returns>
    public string? Problem()
    {
        for (var i = 0; i < Rules.Count; i++)
        {
            if (Rules[i].Problem() is { } problem)
            {
                return $"rules[{i}]: {problem}";
            }
        }
        return Latency is { } latency && (latency.MinMs < 0 || latency.MaxMs < latency.MinMs || latency.MaxMs > TestToken.SlowMaxMs)
            ? $"latency must have 0 <= minMs <= maxMs <= {TestToken.SlowMaxMs}."
            : null;
    }
}
