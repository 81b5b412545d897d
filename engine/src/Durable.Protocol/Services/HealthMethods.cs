using Grpc.Health.V1;

namespace Durable.Protocol;

/// <summary>The methods of <c>grpc.health.v1.Health</c>.</summary>
public static class HealthMethods
{
    public const string Service = "grpc.health.v1.Health";

    public static RpcMethod<HealthCheckRequest, HealthCheckResponse> Check { get; } =
        new(Service, nameof(Check), static () => HealthCheckRequest.Parser, static () => HealthCheckResponse.Parser);
}
