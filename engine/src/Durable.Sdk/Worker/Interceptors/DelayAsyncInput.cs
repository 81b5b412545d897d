namespace Temporalio.Worker.Interceptors;

/// <summary>Input of <see cref="WorkflowOutboundInterceptor.DelayAsync"/>.</summary>
public record DelayAsyncInput(
    TimeSpan Delay,
    CancellationToken? CancellationToken,
    string? Summary);
