using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.Workflow.V1;

namespace Durable.Server.Executions;

/// <summary>What a run of a chain gets from the run before it.</summary>
public sealed record ChainLink
{
    public required string PreviousRunId { get; init; }

    public required string FirstExecutionRunId { get; init; }

    public required ContinueAsNewInitiator Initiator { get; init; }

    /// <summary>From 1; grows with workflow retries only.</summary>
    public int Attempt { get; init; } = 1;

    public Failure? Failure { get; init; }

    public Payloads? LastCompletionResult { get; init; }

    public TimeSpan Backoff { get; init; }

    /// <summary>Null: the chain has no execution timeout.</summary>
    public DateTimeOffset? ExecutionExpiration { get; init; }

    public ResetPoints? AutoResetPoints { get; init; }

    /// <summary>The parent already knows the chain: the first workflow task does not wait for it.</summary>
    public bool ParentKnows { get; init; } = true;
}
