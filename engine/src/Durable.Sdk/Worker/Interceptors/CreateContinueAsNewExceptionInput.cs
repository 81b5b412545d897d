using Temporalio.Api.Common.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Interceptors;

/// <summary>Input of <see cref="WorkflowOutboundInterceptor.CreateContinueAsNewException"/>.</summary>
public record CreateContinueAsNewExceptionInput(
    string Workflow,
    IReadOnlyCollection<object?> Args,
    ContinueAsNewOptions? Options,
    IDictionary<string, Payload>? Headers);
