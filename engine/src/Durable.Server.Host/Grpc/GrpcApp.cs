using System.Net;
using Durable.Protocol;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Durable.Server.Host.Grpc;

/// <summary>The gRPC port. Its limits are what one client may take of the server.</summary>
internal static class GrpcApp
{
    public static WebApplication Build(ServerHostOptions options, RpcRouter router)
    {
        var builder = WebApplication.CreateSlimBuilder();
        ServerHost.ConfigureLogging(builder.Logging, options);
        // It makes an activity and a log scope per call, for log lines that nobody asked for; failures are logged by the endpoint.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Parse(options.Ip), options.Port, static listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.AddServerHeader = false;
            Limit(kestrel.Limits);
        });
        var app = builder.Build();
        app.MapGrpcRouter(router);
        return app;
    }

    private static void Limit(KestrelServerLimits limits)
    {
        // A worker holds one stream per poll on one connection; thousands of polls are normal.
        limits.Http2.MaxStreamsPerConnection = 10_000;
        // The largest request is 4 MiB: one stream may send it without waiting for us, a connection a few of them.
        limits.Http2.InitialStreamWindowSize = 4 * 1024 * 1024;
        limits.Http2.InitialConnectionWindowSize = 8 * 1024 * 1024;
        // A peer that vanished or froze without a word holds its polls no longer than this; each task that such a poll gets is lost until it times out.
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        // Idle connections are the peer's to close: SDKs keep one for as long as they live.
        limits.KeepAliveTimeout = TimeSpan.FromHours(1);
        // The limit on messages is the endpoint's, which answers RESOURCE_EXHAUSTED instead of resetting the stream.
        limits.MaxRequestBodySize = null;
        // A request that trickles in holds its memory; the defaults (240 bytes a second after five seconds) end it. A response cannot trickle
        // by our doing, and a long poll has no body for minutes without anybody being slow: Kestrel counts only while there is something to write.
    }
}
