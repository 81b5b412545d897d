using Durable.Protocol;
using Temporalio.Api.Query.V1;

namespace Durable.Server.Executions;

/// <summary>A query is answered: a result (also a failed one) or an error for the caller.</summary>
public sealed record QueryResolved(string QueryId, WorkflowQueryResult? Result, RpcFaultException? Fault) : ExecutionEffect;
