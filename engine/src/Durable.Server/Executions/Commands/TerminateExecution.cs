using Temporalio.Api.Common.V1;

namespace Durable.Server.Executions;

/// <summary>Ends the run at once.</summary>
public sealed record TerminateExecution : ExecutionCommand
{
    public string Reason { get; init; } = "";

    public Payloads? Details { get; init; }

    public string Identity { get; init; } = "";

    public IEnumerable<Link>? Links { get; init; }
}
