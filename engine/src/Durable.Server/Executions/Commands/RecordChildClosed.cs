using Temporalio.Api.Common.V1;
using Temporalio.Api.History.V1;

namespace Durable.Server.Executions;

/// <summary>A child's chain has closed. Unknown or repeated: nothing happens.</summary>
/// <param name="Child">Its last run.</param>
/// <param name="CloseEvent">The last event of that run.</param>
public sealed record RecordChildClosed(long InitiatedEventId, WorkflowExecution Child, HistoryEvent CloseEvent) : ExecutionCommand;
