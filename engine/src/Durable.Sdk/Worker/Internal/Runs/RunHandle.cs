using System.Threading.Channels;

namespace Temporalio.Worker.Internal.Runs;

/// <summary>A run's place in the cache.</summary>
internal sealed class RunHandle(string runId)
{
    public string RunId => runId;

    /// <summary>Null: not in memory, the next task needs the history from its start.</summary>
    public WorkflowRun? Run { get; set; }

    public bool IsBusy { get; set; }

    /// <summary>Came while busy: queries, and at most one workflow task.</summary>
    public LinkedList<WorkflowTask> Waiting { get; } = new();

    /// <summary>The task that is worked on.</summary>
    public WorkflowTask? Current { get; set; }

    /// <summary>Local activities of the run that are running, by number.</summary>
    public Dictionary<uint, CancellationTokenSource> LocalActivities { get; } = [];

    /// <summary>Local activities that have ended, for the run to take up within a workflow task.</summary>
    public Channel<EndedLocalActivity> EndedLocalActivities => LazyInitializer.EnsureInitialized(ref ended, static () => Channel.CreateUnbounded<EndedLocalActivity>());

    private Channel<EndedLocalActivity>? ended;
}
