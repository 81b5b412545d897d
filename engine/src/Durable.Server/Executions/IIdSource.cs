namespace Durable.Server.Executions;

/// <summary>Ids for new runs and requests; seeded in tests.</summary>
public interface IIdSource
{
    /// <summary>A UUIDv7: runs that a client or a parent starts.</summary>
    string NewRunId();

    /// <summary>A UUIDv4: runs that follow another (continue-as-new, retry, cron, reset) or come from signal-with-start.</summary>
    string NewFollowingRunId();

    /// <summary>A UUIDv4 for requests and queries that bring none.</summary>
    string NewRequestId();
}
