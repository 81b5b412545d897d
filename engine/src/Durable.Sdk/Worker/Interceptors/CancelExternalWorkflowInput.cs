namespace Temporalio.Worker.Interceptors;

/// <summary>Input of <see cref="WorkflowOutboundInterceptor.CancelExternalWorkflowAsync"/>.</summary>
public record CancelExternalWorkflowInput(
    string Id,
    string? RunId);
