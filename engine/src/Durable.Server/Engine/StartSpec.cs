using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Sdk.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Engine;

/// <summary>A start, checked and with its defaults, from whatever asked for it.</summary>
internal sealed record StartSpec
{
    public required string Namespace { get; init; }

    public required string WorkflowId { get; init; }

    public required string RequestId { get; init; }

    public required string NewRunId { get; init; }

    /// <summary>Event 1; the ids of run and chain are filled in by the engine.</summary>
    public required WorkflowExecutionStartedEventAttributes Attributes { get; init; }

    public WorkflowIdReusePolicy ReusePolicy { get; init; } = WorkflowIdReusePolicy.AllowDuplicate;

    public WorkflowIdConflictPolicy ConflictPolicy { get; init; } = WorkflowIdConflictPolicy.Fail;

    public UserMetadata? UserMetadata { get; init; }

    public bool HoldFirstTask { get; init; }

    /// <summary>The schedule that is told when the chain ends; empty: none.</summary>
    public string ScheduleId { get; init; } = "";

    /// <summary>The client takes the first task in the answer, if it can be had at once.</summary>
    public bool Eager { get; init; }

    /// <summary>The request, for what a conflict may attach to the run that is there.</summary>
    public StartWorkflowExecutionRequest? Request { get; init; }

    /// <summary>Done to the new run before it is stored: the signal or the update that it starts with.</summary>
    public Action<Executions.Execution, DateTimeOffset>? With { get; init; }
}

/// <param name="Created">A new run was made by this call.</param>
/// <param name="Started">What the response says: also true for a repeated request.</param>
internal sealed record StartOutcome(
    string RunId, string FirstRunId, bool Created, bool Started, WorkflowExecutionStatus Status, PollWorkflowTaskQueueResponse? EagerTask = null);
