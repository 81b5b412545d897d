namespace Temporalio.Worker.Internal.Runs;

/// <summary>Workflow code that blocks its thread: it only computes between two waits, and does that quickly.</summary>
internal static class Deadlock
{
    /// <summary>How long code may run without waiting: what official SDKs allow.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>The time between two looks: a quarter of the limit, so that it is kept to about that.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static bool IsIn(WorkflowRun run, TimeProvider clock) => run.ActiveSince is not 0 and var since && clock.GetElapsedTime(since) >= Limit;

    public static InvalidOperationException Of(string runId) => new($"[TMPRL1101] Workflow with run ID {runId} deadlocked after {Limit}");
}
