namespace Durable.Server.Tests.Engine;

/// <summary>A clock that shows one time, whatever the machine takes for a test; its timers are real.</summary>
internal sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
