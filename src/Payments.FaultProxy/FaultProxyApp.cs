using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Payments.FaultProxy;

/// <summary>The HTTP interface as a web application.</summary>
public static class FaultProxyApp
{
    public const int DefaultPort = 8474;

    /// <param name="seed">The same seed gives connections, in their order, the same toxics.</param>
    public static WebApplication Build(string url, int seed = 0, TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(url);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton(new ProxyTable(seed, clock ?? TimeProvider.System));
        var app = builder.Build();
        app.Lifetime.ApplicationStopped.Register(app.Services.GetRequiredService<ProxyTable>().Dispose);
        ProxyEndpoints.Map(app, app.Services.GetRequiredService<ProxyTable>());
        return app;
    }
}
