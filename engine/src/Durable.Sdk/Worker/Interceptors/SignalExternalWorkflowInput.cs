using Temporalio.Api.Common.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Interceptors;

/// <summary>Input of <see cref="WorkflowOutboundInterceptor.SignalExternalWorkflowAsync"/>.</summary>
public record SignalExternalWorkflowInput(
    string Id,
    string? RunId,
    string Signal,
    IReadOnlyCollection<object?> Args,
    ExternalWorkflowSignalOptions? Options,
    IDictionary<string, Payload>? Headers);
