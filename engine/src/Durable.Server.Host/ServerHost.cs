using System.Net;
using Durable.Protocol;
using Durable.Server.Host.Grpc;
using Durable.Server.Sqlite;
using Durable.Server.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Host;

/// <summary>The server with its two ports: gRPC, and the web pages with health and metrics.</summary>
public sealed class ServerHost : IAsyncDisposable
{
    private readonly DurableServer server;
    private readonly WebApplication grpc;
    private readonly WebApplication? web;

    private ServerHost(DurableServer server, WebApplication grpc, WebApplication? web)
    {
        this.server = server;
        this.grpc = grpc;
        this.web = web;
    }

    public int Port => PortOf(grpc);

    public int? UiPort => web is null ? null : PortOf(web);

    /// <exception cref="IOException">A port is taken, or the file cannot be opened.</exception>
    public static async Task<ServerHost> StartAsync(ServerHostOptions options, CancellationToken cancellationToken = default)
    {
        IServerStore store = options.DatabaseFile is { } file ? SqliteStore.Open(file) : new MemoryStore();
        var logging = LoggerFactory.Create(builder => ConfigureLogging(builder, options));
        var server = await DurableServer.StartAsync(new DurableServerOptions
        {
            Store = store,
            Namespaces = options.Namespaces,
            Retention = options.Retention,
            LoggerFactory = logging,
        }).ConfigureAwait(false);
        foreach (var attribute in options.SearchAttributes)
        {
            if (attribute.Split('=') is not [var name, var type] || !Enum.TryParse<IndexedValueType>(type, ignoreCase: true, out var parsed))
            {
                throw new ArgumentException($"invalid argument \"{attribute}\" for \"--search-attribute\" flag: must be Name=Type");
            }
            foreach (var target in options.Namespaces)
            {
                await server.Namespaces.AddAttributesAsync(target, [new(name, parsed)]).ConfigureAwait(false);
            }
        }
        var grpc = BuildGrpc(options, server.Router);
        await grpc.StartAsync(cancellationToken).ConfigureAwait(false);
        WebApplication? web = null;
        if (!options.Headless)
        {
            web = Web.WebPages.Build(options, options.UiPort ?? (options.Port == 0 ? 0 : options.Port + 1000), server);
            await web.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        return new ServerHost(server, grpc, web);
    }

    public async ValueTask DisposeAsync()
    {
        // The engine first: it ends the long polls that a graceful stop of the web server would wait for.
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        if (web is not null)
        {
            await web.StopAsync(soon.Token).ConfigureAwait(false);
            await web.DisposeAsync().ConfigureAwait(false);
        }
        await grpc.StopAsync(soon.Token).ConfigureAwait(false);
        await grpc.DisposeAsync().ConfigureAwait(false);
        await server.DisposeAsync().ConfigureAwait(false);
    }

    internal static void ConfigureLogging(ILoggingBuilder builder, ServerHostOptions options)
    {
        builder.ClearProviders();
        builder.SetMinimumLevel(options.LogLevel);
        if (options.JsonLogs)
        {
            builder.AddJsonConsole();
        }
        else
        {
            builder.AddSimpleConsole(console => console.SingleLine = true);
        }
    }

    private static WebApplication BuildGrpc(ServerHostOptions options, RpcRouter router)
    {
        var builder = WebApplication.CreateSlimBuilder();
        ConfigureLogging(builder.Logging, options);
        // It makes an activity and a log scope per call, for log lines that nobody asked for; failures are logged by the endpoint.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Parse(options.Ip), options.Port, static listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.AddServerHeader = false;
            // A worker holds one stream per poll on one connection; thousands of polls are normal.
            kestrel.Limits.Http2.MaxStreamsPerConnection = 10_000;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromHours(1);
            kestrel.Limits.Http2.InitialConnectionWindowSize = 8 * 1024 * 1024;
            kestrel.Limits.Http2.InitialStreamWindowSize = 4 * 1024 * 1024;
        });
        var app = builder.Build();
        app.MapGrpcRouter(router);
        return app;
    }

    private static int PortOf(WebApplication app) =>
        new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
}
