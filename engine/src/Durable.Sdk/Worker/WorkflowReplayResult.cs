using Temporalio.Common;

namespace Temporalio.Worker;

/// <summary>How one history replayed.</summary>
/// <param name="ReplayFailure">Null: without a difference. A workflow that fails in its history is not a failure of the replay.</param>
public record WorkflowReplayResult(WorkflowHistory History, Exception? ReplayFailure);
