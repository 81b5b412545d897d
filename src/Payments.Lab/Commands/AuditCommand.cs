using Durable.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Payments.Lab.Watch;

namespace Payments.Lab.Commands;

/// <summary>The auditor alone, beside a service that somebody else runs: <c>/metrics</c> with the drift of the ledger.</summary>
internal static class AuditCommand
{
    public static async Task<int> RunAsync(LabOptions options, string? ingress, string? gateway, string? urls, CancellationToken cancellation)
    {
        var addresses = LabAddresses.For(options.Ports);
        addresses = addresses with { Ingress = ingress ?? addresses.Ingress, Gateway = gateway ?? addresses.Gateway };
        using var http = new HttpClient();
        var auditor = new LedgerAuditor(http, addresses, TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(urls ?? addresses.Lab);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        await using var app = builder.Build();
        app.MapGet("/health", () => Results.Text("ok"));
        app.MapGet("/health/ready", () => ReadAsync(auditor, _ => "ok", cancellation));
        app.MapGet("/metrics", () => ReadAsync(auditor, audit => audit.Metric, cancellation));
        await app.StartAsync(cancellation);
        Console.WriteLine($"Comparing {addresses.Gateway} with {addresses.Ingress}: {app.Urls.First()}/metrics");
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }

    private static async Task<IResult> ReadAsync(LedgerAuditor auditor, Func<LedgerAudit, string> show, CancellationToken cancellation)
    {
        try
        {
            return Results.Text(show(await auditor.ReadAsync(cancellation)), PrometheusExporter.ContentType);
        }
        catch (HttpRequestException e)
        {
            return Results.Text(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
