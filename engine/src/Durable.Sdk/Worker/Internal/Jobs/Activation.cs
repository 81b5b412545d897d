using Temporalio.Common;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Jobs;

/// <summary>One turn of a workflow: the jobs and the circumstances. Reused by its run.</summary>
internal sealed class Activation
{
    public List<ActivationJob> Jobs { get; } = [];

    public bool IsReplaying { get; set; }

    /// <summary>The workflow's time, UTC.</summary>
    public DateTime Time { get; set; }

    public int HistoryLength { get; set; }

    public int HistorySize { get; set; }

    public bool ContinueAsNewSuggested { get; set; }

    public IReadOnlyCollection<SuggestContinueAsNewReason> SuggestedContinueAsNewReasons { get; set; } = [];

    public bool TargetWorkerDeploymentVersionChanged { get; set; }

    public WorkerDeploymentVersion? DeploymentVersion { get; set; }

    /// <summary>Whether the history says that the run began on the event loop that is used here.</summary>
    public bool HasModernEventLoop { get; set; }

    /// <summary>Whether the history says that completion commands were moved by the language layer.</summary>
    public bool HasReorderedCompletion { get; set; }
}
