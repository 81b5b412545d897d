namespace Payments.Gateway.Mock.Faults;

/// <summary>Every request takes at least a time that is drawn evenly from this range.</summary>
public sealed record LatencyRange(int MinMs, int MaxMs);
