using Temporalio.Api.Common.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Interceptors;

/// <summary>Input of <see cref="WorkflowInboundInterceptor.HandleSignalAsync"/>.</summary>
public record HandleSignalInput(
    string Signal,
    WorkflowSignalDefinition Definition,
    object?[] Args,
    IReadOnlyDictionary<string, Payload>? Headers);
