namespace Payments.Lab.Traffic;

/// <summary>One measurement; times in milliseconds.</summary>
public sealed record LoadResult(int Callers, long Calls, long Failed, TimeSpan Took, double P50, double P95, double P99)
{
    public double PerSecond => (Calls - Failed) / Took.TotalSeconds;
}
