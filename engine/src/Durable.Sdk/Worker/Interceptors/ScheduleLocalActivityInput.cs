using Temporalio.Api.Common.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Interceptors;

/// <summary>Input of <see cref="WorkflowOutboundInterceptor.ScheduleLocalActivityAsync"/>.</summary>
public record ScheduleLocalActivityInput(
    string Activity,
    IReadOnlyCollection<object?> Args,
    LocalActivityOptions Options,
    IDictionary<string, Payload>? Headers);
