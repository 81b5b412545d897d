using Temporalio.Api.Common.V1;

namespace Durable.Server.Executions;

/// <summary>Records a signal; a request id that was seen before does nothing.</summary>
public sealed record SignalExecution : ExecutionCommand
{
    public required string SignalName { get; init; }

    public Payloads? Input { get; init; }

    public Header? Header { get; init; }

    public string Identity { get; init; } = "";

    public string RequestId { get; init; } = "";

    public IEnumerable<Link>? Links { get; init; }

    /// <summary>The sender, when a workflow signals.</summary>
    public WorkflowExecution? Sender { get; init; }

    /// <summary>Only a child of <see cref="Sender"/> takes it; others answer NOT_FOUND.</summary>
    public bool ChildOnly { get; init; }

    /// <summary>Signal-with-start ends a start delay, a plain signal does not.</summary>
    public bool EndsStartDelay { get; init; }
}
