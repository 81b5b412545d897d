using Durable.Server.Storage;

namespace Durable.Server.Time;

/// <summary>Keeps virtual time from jumping while real work is under way (temporal-wire 9).</summary>
public interface ITimeSkippingLocks
{
    /// <summary>Tells whether a run has work with a worker or in a queue at this moment.</summary>
    void Observe(RunKey run, bool holdsTime);
}

/// <summary>For a server on the real clock.</summary>
public sealed class NoTimeSkipping : ITimeSkippingLocks
{
    public void Observe(RunKey run, bool holdsTime)
    {
        // Real time needs no holding.
    }
}
