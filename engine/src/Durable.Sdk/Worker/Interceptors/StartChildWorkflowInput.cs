using Temporalio.Api.Common.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Interceptors;

/// <summary>Input of <see cref="WorkflowOutboundInterceptor.StartChildWorkflowAsync"/>.</summary>
public record StartChildWorkflowInput(
    string Workflow,
    IReadOnlyCollection<object?> Args,
    ChildWorkflowOptions Options,
    IDictionary<string, Payload>? Headers);
