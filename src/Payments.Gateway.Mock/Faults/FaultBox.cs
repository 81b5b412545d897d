using Payments.Gateway.Mock.Ledger;

namespace Payments.Gateway.Mock.Faults;

/// <summary>The plan in force and its dice. Thread-safe.</summary>
public sealed class FaultBox
{
    private readonly Lock throwing = new();
    private FaultPlan plan = new();
    private int[] fired = [];
    private Random dice = new(0);
    private volatile bool empty = true;

    /// <summary>The plan, with how often each rule fired.</summary>
    public FaultPlan Plan
    {
        get
        {
            lock (throwing)
            {
                return plan with { Rules = [.. plan.Rules.Select((rule, i) => rule with { Fired = fired[i] })] };
            }
        }
    }

    public void Set(FaultPlan next)
    {
        ArgumentNullException.ThrowIfNull(next);
        lock (throwing)
        {
            plan = next;
            fired = new int[next.Rules.Count];
            dice = new Random(next.Seed);
            empty = next.Rules.Count == 0 && next.Latency is null;
        }
    }

    public Fate Draw(MoneyRequest request)
    {
        if (empty)
        {
            return Fate.Kind;
        }
        lock (throwing)
        {
            var latency = plan.Latency is { } range ? TimeSpan.FromMilliseconds(dice.Next(range.MinMs, range.MaxMs + 1)) : TimeSpan.Zero;
            for (var i = 0; i < plan.Rules.Count; i++)
            {
                var rule = plan.Rules[i];
                if (rule.Matches(request) && (rule.Times is null || fired[i] < rule.Times)
                    && (rule.Probability >= 1 || dice.NextDouble() < rule.Probability))
                {
                    fired[i]++;
                    return new Fate(rule, latency);
                }
            }
            return new Fate(null, latency);
        }
    }
}
