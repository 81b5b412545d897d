using Temporalio.Api.Common.V1;

namespace Durable.Server.Executions;

/// <summary>A start found this run and asked to be attached to it (<c>on_conflict_options</c>).</summary>
public sealed record AttachRequest : ExecutionCommand
{
    /// <summary>Empty: do not attach the id.</summary>
    public string RequestId { get; init; } = "";

    public string Identity { get; init; } = "";

    public IEnumerable<Callback>? CompletionCallbacks { get; init; }

    public IEnumerable<Link>? Links { get; init; }
}
