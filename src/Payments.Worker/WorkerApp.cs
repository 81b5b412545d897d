using Payments.Connection;
using Payments.Telemetry;
using Payments.Workflows;
using Temporalio.Client;
using Temporalio.Extensions.Hosting;

namespace Payments.Worker;

/// <summary>The worker process: a small web application for health and metrics, in which the worker runs.</summary>
public static class WorkerApp
{
    public const string DefaultUrl = "http://localhost:9464";

    /// <summary>Builds the process; run it with <c>RunAsync</c>, or start and stop it in another host.</summary>
    /// <param name="args">Settings as on a command line: <c>--urls</c>, <c>--environment Lab</c>, <c>--Gateway:BaseUrl=…</c>.</param>
    /// <param name="client">A connected client, for hosting in one process; null connects as the environment says.</param>
    /// <param name="configure">Last changes to the builder.</param>
    /// <param name="register">More workflows and activities on the same task queue.</param>
    /// <exception cref="InvalidOperationException">A protection is switched off outside the lab.</exception>
    public static WebApplication Build(
        string[] args, ITemporalClient? client = null, Action<WebApplicationBuilder>? configure = null,
        Action<ITemporalWorkerServiceOptionsBuilder>? register = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }
        // Two lines a request would cost more than the request.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning);
        LabProfile.RefuseSwitches(builder.Configuration, builder.Environment.IsEnvironment(LabProfile.Name));
        builder.AddPaymentsTelemetry("payments-worker");
        var configuration = builder.Configuration;
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(_ => new GatewayClient(GatewayClient.MakeHttp(configuration["Gateway:BaseUrl"] ?? GatewayClient.DefaultUrl)));
        builder.Services.AddSingleton(provider => new GatewayActivitiesOverHttp(
            provider.GetRequiredService<GatewayClient>(), configuration.GetValue("Protection:GatewayKeys", true)));
        builder.Services.AddSingleton(provider => new WorkerHost(
            provider, configuration["Payments:TaskQueue"] ?? TaskQueues.Payments, configuration.GetValue("Idempotency:KeyTtl", TimeSpan.FromHours(24)), client, register));
        builder.Services.AddHostedService(provider => provider.GetRequiredService<WorkerHost>());
        configure?.Invoke(builder);

        var app = builder.Build();
        app.MapPrometheus();
        app.MapGet("/health", () => Results.Json(new { status = "ok" }));
        app.MapGet("/health/ready", (WorkerHost worker) => worker.IsPolling
            ? Results.Json(new { status = "ready" })
            : Results.Json(new { status = "connecting" }, statusCode: StatusCodes.Status503ServiceUnavailable));
        return app;
    }
}
