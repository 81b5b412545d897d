using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;

namespace Temporalio.Worker.Internal.Commands;

/// <summary>The answer to a query: a result, or why there is none.</summary>
internal sealed class QueryResponseCommand(string queryId, Payload? result, Failure? failure) : WorkflowCommand
{
    public string QueryId => queryId;

    public Payload? Result => result;

    public Failure? Failure => failure;
}
