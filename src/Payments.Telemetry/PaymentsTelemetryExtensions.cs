using Durable.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Payments.Telemetry;

public static class PaymentsTelemetryExtensions
{
    /// <summary>
    /// Collects metrics for <see cref="MapPrometheus"/>. With <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> set (and not <c>OTEL_SDK_DISABLED</c>), traces, metrics
    /// and logs also go out by OTLP, as the other standard <c>OTEL_*</c> variables say.
    /// </summary>
    /// <param name="serviceName">What traces and metrics are filed under, unless <c>OTEL_SERVICE_NAME</c> says otherwise.</param>
    public static IHostApplicationBuilder AddPaymentsTelemetry(this IHostApplicationBuilder builder, string serviceName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        // Made at once, not when first asked for: a counter only sees what is counted after it listens.
        builder.Services.AddSingleton(new PrometheusExporter(IsExported));
        var configuration = builder.Configuration;
        if (string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])
            || string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase))
        {
            return builder;
        }

        var resource = ResourceBuilder.CreateDefault().AddService(configuration["OTEL_SERVICE_NAME"] ?? serviceName);
        // The framework's own sources; OpenTelemetry.Instrumentation.AspNetCore and .Http, where a feed has them, add nothing that is needed here.
        builder.Services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(PaymentMeters.Name, "Temporalio*", "Microsoft.AspNetCore", "System.Net.Http")
            .AddOtlpExporter()
            .Build());
        builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(PaymentMeters.Name, "Temporalio*", "Microsoft.AspNetCore.Hosting", "System.Runtime")
            .AddOtlpExporter()
            .Build());
        builder.Logging.AddOpenTelemetry(logs => logs.SetResourceBuilder(resource).AddOtlpExporter());
        builder.Services.AddHostedService<TelemetryProviders>();
        return builder;
    }

    /// <summary><c>GET /metrics</c>: everything in Prometheus text.</summary>
    public static IEndpointConventionBuilder MapPrometheus(this IEndpointRouteBuilder app, string path = "/metrics")
    {
        ArgumentNullException.ThrowIfNull(app);
        var exporter = app.ServiceProvider.GetRequiredService<PrometheusExporter>();
        return app.MapGet(path, () => Results.Text(exporter.Render(), PrometheusExporter.ContentType)).ExcludeFromDescription();
    }

    // Ours, the engine's and SDK's, and what .NET says about HTTP and the process.
    private static bool IsExported(string meter) =>
        meter.StartsWith("Payments", StringComparison.Ordinal)
        || meter.StartsWith("Temporal", StringComparison.OrdinalIgnoreCase)
        || meter.StartsWith("Durable", StringComparison.Ordinal)
        || meter is "Microsoft.AspNetCore.Hosting" or "System.Runtime";

    /// <summary>Makes the providers with the host and ends them with it, so that what is buffered is sent.</summary>
    private sealed class TelemetryProviders(TracerProvider traces, MeterProvider metrics) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            traces.ForceFlush(2000);
            metrics.ForceFlush(2000);
            return Task.CompletedTask;
        }
    }
}
