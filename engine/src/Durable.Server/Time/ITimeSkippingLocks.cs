using Durable.Server.Storage;

namespace Durable.Server.Time;

/// <summary>Keeps virtual time from jumping while real work is under way.</summary>
public interface ITimeSkippingLocks
{
    /// <summary>Whether time goes straight to the next timer when nothing holds it.</summary>
    bool JumpsToTimers { get; }

    /// <summary>Tells whether a run has work with a worker or in a queue at this moment.</summary>
    void Observe(RunKey run, bool holdsTime);

    /// <summary>The server itself begins something that time has to wait for; each call needs its <see cref="EndWork"/>.</summary>
    void BeginWork();

    void EndWork();
}
