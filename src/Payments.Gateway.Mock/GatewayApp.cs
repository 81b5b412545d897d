using Microsoft.Extensions.Options;
using Payments.Gateway.Mock.Faults;
using Payments.Gateway.Mock.Http;
using Payments.Gateway.Mock.Ledger;
using Payments.Telemetry;

namespace Payments.Gateway.Mock;

/// <summary>The gateway as a web application: its own process, or inside another.</summary>
public static partial class GatewayApp
{
    public const int DefaultPort = 8090;

    /// <param name="args">Configuration of the command line, <c>--urls</c> and <c>--Gateway:Ledger</c> for instance.</param>
    /// <param name="clock">Null: the system's.</param>
    /// <exception cref="IOException">The ledger cannot be opened, or another process has it.</exception>
    /// <exception cref="InvalidDataException">The ledger is damaged.</exception>
    public static WebApplication Build(string[] args, TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ApplicationName = typeof(GatewayApp).Assembly.GetName().Name });
        builder.AddPaymentsTelemetry("payments-gateway");
        // One line a request would be the most expensive part of a charge.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        if (builder.Configuration["urls"] is null)
        {
            builder.WebHost.UseUrls($"http://localhost:{DefaultPort}");
        }
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.Services.Configure<GatewayOptions>(builder.Configuration.GetSection(GatewayOptions.Section));
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddSingleton<FaultBox>().AddSingleton<Gates>();
        builder.Services.AddSingleton<MoneyEndpoints>().AddSingleton<LedgerEndpoints>().AddSingleton<FaultEndpoints>();
        builder.Services.AddSingleton(OpenLedger);

        var app = builder.Build();
        // Opened now, so that a damaged ledger is told before anything listens.
        app.Services.GetRequiredService<CardLedger>();
        app.Services.GetRequiredService<MoneyEndpoints>().Map(app);
        app.Services.GetRequiredService<LedgerEndpoints>().Map(app);
        app.Services.GetRequiredService<FaultEndpoints>().Map(app);
        app.MapGet("/health", () => Results.Text("ok"));
        app.MapGet("/health/ready", () => Results.Text("ok"));
        app.MapPrometheus();
        return app;
    }

    private static CardLedger OpenLedger(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<GatewayOptions>>().Value;
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Payments.Gateway.Mock");
        var host = services.GetRequiredService<IHostApplicationLifetime>();
        return new CardLedger(options.Ledger, services.GetRequiredService<TimeProvider>(), failure =>
        {
            LogLedgerFailed(logger, failure, options.Ledger);
            host.StopApplication();
        });
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The ledger {Ledger} could not be written; the gateway stops")]
    private static partial void LogLedgerFailed(ILogger logger, Exception failure, string ledger);
}
