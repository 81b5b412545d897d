using Temporalio.Api.Common.V1;

namespace Durable.Server.Executions;

/// <summary>Requests cancellation: recorded once per run; on a closed run nothing happens.</summary>
public sealed record CancelExecution : ExecutionCommand
{
    public string Reason { get; init; } = "";

    public string Identity { get; init; } = "";

    public string RequestId { get; init; } = "";

    public IEnumerable<Link>? Links { get; init; }

    /// <summary>The workflow that asks, with its INITIATED event.</summary>
    public WorkflowExecution? Sender { get; init; }

    public long SenderInitiatedEventId { get; init; }

    /// <summary>Only a child of <see cref="Sender"/> takes it; others answer NOT_FOUND.</summary>
    public bool ChildOnly { get; init; }
}
