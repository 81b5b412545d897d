namespace Temporalio.Worker.Interceptors;

/// <summary>Input of <see cref="ActivityOutboundInterceptor.Heartbeat"/>.</summary>
public record HeartbeatInput(
    object?[] Details);
