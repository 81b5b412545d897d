using Temporalio.Api.Enums.V1;
using Temporalio.Api.Query.V1;

namespace Durable.Server.Executions;

/// <summary>Asks the workflow; answers <see cref="QueryAsked"/>. The result comes as <see cref="QueryResolved"/>.</summary>
/// <param name="QueryId">A fresh UUID.</param>
public sealed record AskQuery(string QueryId, WorkflowQuery Query, QueryRejectCondition RejectCondition) : ExecutionCommand;
