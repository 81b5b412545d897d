namespace Durable.Server.Tests.Simulation;

/// <summary>Virtual time that runs many times as fast as the real one: ten seconds of a timeout are two hundred milliseconds of a test.</summary>
internal sealed class FastClock : TimeProvider
{
    private const int Speed = 50;

    private readonly DateTimeOffset began = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => began + ((System.GetUtcNow() - began) * Speed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Slowed(System.CreateTimer(callback, state, Real(dueTime), Real(period)));

    private static TimeSpan Real(TimeSpan time) => time <= TimeSpan.Zero ? time : time / Speed;

    private sealed class Slowed(ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Real(dueTime), Real(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
