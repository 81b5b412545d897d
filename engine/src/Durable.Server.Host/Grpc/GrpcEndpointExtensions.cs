using Durable.Protocol;

namespace Durable.Server.Host.Grpc;

public static class GrpcEndpointExtensions
{
    /// <summary>Answers every path from the router; put other endpoints before it.</summary>
    public static void MapGrpcRouter(this WebApplication app, RpcRouter router, GrpcEndpointOptions? options = null)
    {
        var endpoint = new GrpcEndpoint(router, options ?? new GrpcEndpointOptions(), app.Services.GetRequiredService<ILogger<GrpcEndpoint>>());
        app.Run(endpoint.InvokeAsync);
    }
}
