using System.Net;
using Durable.Metrics;
using Durable.Protocol.InProcess;

namespace Durable.Server.Host.Web;

/// <summary>What is served over HTTP/1.1: pages, the HTTP API, metrics and health. All of it only reads.</summary>
internal static class WebApps
{
    public static WebApplication BuildPages(ServerHostOptions options, int port, DurableServer server, PrometheusExporter exporter)
    {
        var app = Build(options, options.UiIp ?? options.Ip, port);
        if (options.UiPublicPath.Length > 0)
        {
            app.UsePathBase(options.UiPublicPath);
        }
        app.UseEncodedSlashes();
        var transport = new InProcessTransport(server.Router);
        new WorkflowPages(transport, options.UiPublicPath).Map(app);
        new HttpApi(transport).Map(app);
        MapMetrics(app, exporter);
        return app;
    }

    public static WebApplication BuildHttpApi(ServerHostOptions options, int port, DurableServer server)
    {
        var app = Build(options, options.Ip, port);
        app.UseEncodedSlashes();
        new HttpApi(new InProcessTransport(server.Router)).Map(app);
        return app;
    }

    public static WebApplication BuildMetrics(ServerHostOptions options, int port, PrometheusExporter exporter)
    {
        var app = Build(options, options.Ip, port);
        MapMetrics(app, exporter);
        return app;
    }

    private static WebApplication Build(ServerHostOptions options, string ip, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        ServerHost.ConfigureLogging(builder.Logging, options);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Parse(ip), port);
            kestrel.AddServerHeader = false;
            // Nothing here takes a body.
            kestrel.Limits.MaxRequestBodySize = 0;
        });
        var app = builder.Build();
        app.MapGet("/health", static () => Results.Text("ok"));
        app.MapGet("/health/ready", static () => Results.Text("ok"));
        return app;
    }

    private static void MapMetrics(WebApplication app, PrometheusExporter exporter) =>
        app.MapGet("/metrics", () => Results.Text(exporter.Render(), PrometheusExporter.ContentType));
}
