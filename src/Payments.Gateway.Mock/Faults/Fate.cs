namespace Payments.Gateway.Mock.Faults;

/// <summary>What the plan has in store for one request.</summary>
public sealed record Fate(FaultRule? Rule, TimeSpan Latency)
{
    public static readonly Fate Kind = new(null, TimeSpan.Zero);

    public bool Is(string action) => Rule?.Action == action;
}
