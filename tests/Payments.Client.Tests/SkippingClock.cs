namespace Payments.Client.Tests;

/// <summary>A clock on which every wait is over at once and has taken its time; it remembers the waits.</summary>
internal sealed class SkippingClock : TimeProvider
{
    private readonly Lock changing = new();
    private TimeSpan now;

    public List<TimeSpan> Waited { get; } = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }
        lock (changing)
        {
            Waited.Add(dueTime);
            now += dueTime;
        }
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
