using Temporalio.Api.Common.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Interceptors;

/// <summary>Input of <see cref="WorkflowOutboundInterceptor.ScheduleActivityAsync"/>.</summary>
public record ScheduleActivityInput(
    string Activity,
    IReadOnlyCollection<object?> Args,
    ActivityOptions Options,
    IDictionary<string, Payload>? Headers);
