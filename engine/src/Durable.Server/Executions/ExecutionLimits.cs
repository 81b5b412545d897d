namespace Durable.Server.Executions;

/// <summary>Limits of one run; the defaults are those of the genuine server.</summary>
public sealed record ExecutionLimits
{
    public static ExecutionLimits Default { get; } = new();

    public int PayloadBytes { get; init; } = 2 * 1024 * 1024;

    public int MemoBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>A run whose history grows over this is terminated.</summary>
    public int HistoryEvents { get; init; } = 51_200;

    public long HistoryBytes { get; init; } = 50L * 1024 * 1024;

    public int SuggestContinueAsNewEvents { get; init; } = 4_096;

    public long SuggestContinueAsNewBytes { get; init; } = 4L * 1024 * 1024;

    public int PendingActivities { get; init; } = 2_000;

    public int PendingChildren { get; init; } = 2_000;

    public int PendingSignals { get; init; } = 2_000;

    public int PendingCancelRequests { get; init; } = 2_000;

    public int InFlightUpdates { get; init; } = 10;

    public int UpdatesPerRun { get; init; } = 2_000;

    public int SignalsPerRun { get; init; } = 10_000;

    /// <summary>The genuine server buffers one; more do no harm.</summary>
    public int BufferedQueries { get; init; } = 100;

    public int IdLength { get; init; } = 1_000;

    /// <summary>Two runs of a chain start at least this far apart, so that a workflow that continues at once cannot spin.</summary>
    public TimeSpan ChainInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A workflow task that only heartbeats for longer is timed out: a local activity that never ends must not hold a worker forever.</summary>
    public TimeSpan WorkflowTaskHeartbeatTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Signal request ids remembered for deduplication.</summary>
    public int SignalRequestIds { get; init; } = 1_000;
}
