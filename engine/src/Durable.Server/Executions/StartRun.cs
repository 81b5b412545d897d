using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Sdk.V1;

namespace Durable.Server.Executions;

/// <summary>How a run begins.</summary>
public sealed record StartRun
{
    public required string Namespace { get; init; }

    public required string WorkflowId { get; init; }

    public required string RunId { get; init; }

    public required string RequestId { get; init; }

    /// <summary>Event 1, complete: defaults filled in, ids of chain and run set.</summary>
    public required WorkflowExecutionStartedEventAttributes Attributes { get; init; }

    public UserMetadata? UserMetadata { get; init; }

    /// <summary>A child gets its first workflow task only when its parent knows that it started (<see cref="Execution.Release"/>).</summary>
    public bool HoldFirstTask { get; init; }

    public Temporalio.Api.Workflow.V1.ResetPoints? PreviousResetPoints { get; init; }

    /// <summary>The schedule that is told when the chain of this run ends; empty: none.</summary>
    public string ScheduleId { get; init; } = "";
}
