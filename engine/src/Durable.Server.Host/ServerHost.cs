using System.Net;
using Durable.Metrics;
using Durable.Protocol;
using Durable.Server.Engine;
using Durable.Server.Host.Grpc;
using Durable.Server.Host.Web;
using Durable.Server.Sqlite;
using Durable.Server.Storage;
using Durable.Server.Time;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Host;

/// <summary>The server with its ports: gRPC, and the web pages with health and metrics.</summary>
public sealed class ServerHost : IAsyncDisposable
{
    /// <summary>Tests on virtual time may let years pass; what they did must still be there to look at.</summary>
    private static readonly TimeSpan TestRetention = TimeSpan.FromDays(36_500);

    /// <summary>For calls under way at the end. Polls and other waits are sent home before, so what is left is short.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    private readonly List<IAsyncDisposable> parts;
    private readonly List<WebApplication> apps = [];
    private readonly DurableServer server;

    private ServerHost(DurableServer server, List<IAsyncDisposable> parts)
    {
        this.server = server;
        this.parts = parts;
    }

    public int Port { get; private init; }

    public int? UiPort { get; private init; }

    public int? HttpPort { get; private init; }

    public int? MetricsPort { get; private init; }

    /// <exception cref="IOException">A port is taken, or the file cannot be opened.</exception>
    /// <exception cref="ArgumentException">A search attribute is not <c>Name=Type</c>.</exception>
    public static async Task<ServerHost> StartAsync(ServerHostOptions options, CancellationToken cancellationToken = default)
    {
        // In the order of making; ended backwards.
        var parts = new List<IAsyncDisposable>();
        try
        {
            var logging = LoggerFactory.Create(builder => ConfigureLogging(builder, options));
            parts.Add(new Ended(logging));
            // Before the meters that it listens to.
            var exporter = new PrometheusExporter(static meter => meter is ServerMetrics.MeterName or "System.Runtime");
            parts.Add(new Ended(exporter));
            var server = await StartServerAsync(options, logging, parts).ConfigureAwait(false);
            var grpc = await RunAsync(GrpcApp.Build(options, server.Router), parts, cancellationToken).ConfigureAwait(false);
            var metrics = options.MetricsPort is { } metricsPort
                ? await RunAsync(WebApps.BuildMetrics(options, metricsPort, exporter), parts, cancellationToken).ConfigureAwait(false)
                : null;
            var http = options.HttpPort is { } httpPort
                ? await RunAsync(WebApps.BuildHttpApi(options, httpPort, server), parts, cancellationToken).ConfigureAwait(false)
                : null;
            var ui = options.Headless
                ? null
                : await RunAsync(WebApps.BuildPages(options, UiPortOf(options), server, exporter), parts, cancellationToken).ConfigureAwait(false);
            var host = new ServerHost(server, parts) { Port = PortOf(grpc)!.Value, UiPort = PortOf(ui), HttpPort = PortOf(http), MetricsPort = PortOf(metrics) };
            host.apps.AddRange(parts.OfType<WebApplication>());
            return host;
        }
        catch
        {
            await EndAsync(parts).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends polls and waits, lets calls under way finish, writes what waits to be written, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        server.BeginStop();
        using var soon = new CancellationTokenSource(StopTimeout);
        await Task.WhenAll(apps.Select(app => app.StopAsync(soon.Token))).ConfigureAwait(false);
        await EndAsync(parts).ConfigureAwait(false);
    }

    private const string LogTimes = "yyyy-MM-ddTHH:mm:ss.fffZ";

    internal static void ConfigureLogging(ILoggingBuilder builder, ServerHostOptions options)
    {
        builder.ClearProviders();
        builder.SetMinimumLevel(options.LogLevel);
        // What the host says about itself is for debugging; that a port is taken is said by whoever asked for it.
        builder.AddFilter("Microsoft", options.LogLevel > LogLevel.Debug ? LogLevel.None : LogLevel.Debug);
        // Standard output is for the lines that say where the server listens: programs read them.
        builder.Services.Configure<ConsoleLoggerOptions>(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (options.JsonLogs)
        {
            builder.AddJsonConsole(static console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, LogTimes));
        }
        else
        {
            builder.AddSimpleConsole(static console => (console.SingleLine, console.UseUtcTimestamp, console.TimestampFormat) = (true, true, LogTimes + ' '));
        }
    }

    private static async Task<DurableServer> StartServerAsync(ServerHostOptions options, ILoggerFactory logging, List<IAsyncDisposable> parts)
    {
        var clock = options.TimeSkipping ? new VirtualClock() : null;
        if (clock is not null)
        {
            parts.Add(new Ended(clock));
        }
        IServerStore store = options.DatabaseFile is { } file ? SqliteStore.Open(file, options.SqlitePragmas) : new MemoryStore();
        DurableServer server;
        try
        {
            server = await DurableServer.StartAsync(new DurableServerOptions
            {
                Store = store,
                Namespaces = options.Namespaces,
                Retention = clock is null ? options.Retention : TestRetention,
                Limits = options.Limits,
                LoggerFactory = logging,
                Clock = clock ?? TimeProvider.System,
                TimeSkipping = clock is null ? new NoTimeSkipping() : clock,
            }).ConfigureAwait(false);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        parts.Add(server);
        foreach (var (name, type) in options.SearchAttributes.Select(Attribute))
        {
            foreach (var target in options.Namespaces)
            {
                await server.Namespaces.AddAttributesAsync(target, [new(name, type)]).ConfigureAwait(false);
            }
        }
        return server;
    }

    private static (string Name, IndexedValueType Type) Attribute(string text) =>
        text.Split('=') is [var name, var type] && Enum.TryParse<IndexedValueType>(type, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) && parsed != 0
            ? (name, parsed)
            : throw new ArgumentException(
                $"invalid argument \"{text}\" for \"--search-attribute\" flag: must be Name=Type with one of Text, Keyword, Int, Double, Bool, Datetime, KeywordList");

    private static int UiPortOf(ServerHostOptions options) => options.UiPort ?? (options.Port == 0 ? 0 : Math.Min(options.Port + 1000, 65535));

    private static async Task<WebApplication> RunAsync(WebApplication app, List<IAsyncDisposable> parts, CancellationToken cancellationToken)
    {
        parts.Add(app);
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        return app;
    }

    private static async Task EndAsync(List<IAsyncDisposable> parts)
    {
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            await parts[i].DisposeAsync().ConfigureAwait(false);
        }
    }

    private static int? PortOf(WebApplication? app) => app is null
        ? null
        : new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    private sealed class Ended(IDisposable part) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            part.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
