using Durable.Server.Storage;

namespace Durable.Server.Time;

/// <summary>For a server on the real clock, which needs no holding.</summary>
public sealed class NoTimeSkipping : ITimeSkippingLocks
{
    public bool JumpsToTimers => false;

    public void Observe(RunKey run, bool holdsTime)
    {
        // Real time goes on whatever happens.
    }

    public void BeginWork()
    {
        // Real time goes on whatever happens.
    }

    public void EndWork()
    {
        // Real time goes on whatever happens.
    }
}
