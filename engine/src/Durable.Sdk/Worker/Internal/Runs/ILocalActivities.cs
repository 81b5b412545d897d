using Temporalio.Worker.Internal.Core;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Runs;

/// <summary>Runs local activities.</summary>
internal interface ILocalActivities
{
    /// <summary>Throws when no activity has the name.</summary>
    void Check(string activity);

    /// <summary>Runs an activity with its retries until it ends or has to wait longer than its threshold.</summary>
    /// <param name="cancellationToken">Asks the activity to end; it may not.</param>
    Task<LocalActivityOutcome> RunAsync(LocalActivityRequest request, WorkflowInfo workflow, CancellationToken cancellationToken);
}
