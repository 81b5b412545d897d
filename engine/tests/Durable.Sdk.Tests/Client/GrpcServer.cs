using System.Collections.Concurrent;
using Durable.Server;
using Durable.Server.Host.Grpc;
using Durable.Server.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Durable.Sdk.Tests.Client;

/// <summary>The embedded server behind a port, and the headers of each call.</summary>
internal sealed class GrpcServer : IAsyncDisposable
{
    private readonly DurableServer server;
    private readonly WebApplication app;

    private GrpcServer(DurableServer server, WebApplication app)
    {
        this.server = server;
        this.app = app;
    }

    public string Target => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;

    /// <summary>Headers of the calls, the newest last.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Calls { get; } = new();

    public static async Task<GrpcServer> StartAsync(TestCertificates? certificates = null, bool asksForCertificate = false)
    {
        var server = await DurableServer.StartAsync(new() { Store = new MemoryStore() });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificates is not null)
            {
                listen.UseHttps(certificates.Server, https =>
                {
                    https.ClientCertificateMode = asksForCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
                    https.ClientCertificateValidation = (client, chain, _) => certificates.Trusts(client, chain);
                });
            }
        }));
        var app = builder.Build();
        var result = new GrpcServer(server, app);
        app.Use(async (HttpContext context, RequestDelegate next) =>
        {
            result.Calls.Enqueue(context.Request.Headers.ToDictionary(static header => header.Key.ToLowerInvariant(), static header => header.Value.ToString()));
            await next(context);
        });
        app.MapGrpcRouter(server.Router);
        await app.StartAsync();
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
        await server.DisposeAsync();
    }
}
