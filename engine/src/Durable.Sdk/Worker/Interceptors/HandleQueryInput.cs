using Temporalio.Api.Common.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Interceptors;

/// <summary>Input of <see cref="WorkflowInboundInterceptor.HandleQuery"/>.</summary>
public record HandleQueryInput(
    string Id,
    string Query,
    WorkflowQueryDefinition Definition,
    object?[] Args,
    IReadOnlyDictionary<string, Payload>? Headers);
