using Temporalio.Api.Common.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Interceptors;

/// <summary>Input of <see cref="WorkflowInboundInterceptor.ValidateUpdate"/> and <see cref="WorkflowInboundInterceptor.HandleUpdateAsync"/>; the two get arguments of their own.</summary>
public record HandleUpdateInput(
    string Id,
    string Update,
    WorkflowUpdateDefinition Definition,
    object?[] Args,
    IReadOnlyDictionary<string, Payload>? Headers);
