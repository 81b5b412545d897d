using Durable.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Payments.Telemetry;

namespace Payments.Lab.Watch;

/// <summary>The lab's own pages on the loopback: health, the drift of the ledger, and what to do with a process.</summary>
internal static class LabPages
{
    public static WebApplication Build(ILab lab)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(lab.Addresses.Lab);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        var app = builder.Build();
        app.MapGet("/health", () => Results.Text("ok"));
        app.MapGet("/health/ready", async (CancellationToken cancellation) => (await lab.StatusAsync(cancellation)).All(p => p.Ready)
            ? Results.Text("ok")
            : Results.Text("not every process is ready", statusCode: StatusCodes.Status503ServiceUnavailable));
        app.MapGet("/processes", (CancellationToken cancellation) => lab.StatusAsync(cancellation));
        app.MapPost("/processes/{name}/{action}", async (string name, string action) =>
        {
            try
            {
                await lab.ActAsync(name, action).ConfigureAwait(false);
                return Results.NoContent();
            }
            catch (LabException e)
            {
                return Results.Text(e.Message, statusCode: StatusCodes.Status404NotFound);
            }
        });
        app.MapGet("/metrics", async (CancellationToken cancellation) => Results.Text(await MetricsAsync(lab, cancellation), PrometheusExporter.ContentType));
        return app;
    }

    // Written by hand, because the one number has to be read from two processes first; when one of them is away there is no number.
    private static async Task<string> MetricsAsync(ILab lab, CancellationToken cancellation)
    {
        var processes = await lab.StatusAsync(cancellation).ConfigureAwait(false);
        var text = "# HELP lab_process_starts_total How often the lab started each process.\n# TYPE lab_process_starts_total counter\n"
            + string.Concat(processes.Select(process => $"lab_process_starts_total{{process=\"{process.Name}\"}} {process.Starts}\n"));
        try
        {
            text += (await lab.AuditAsync(cancellation).ConfigureAwait(false)).Metric;
        }
        catch (HttpRequestException)
        {
            // A gauge that is not there says "unknown" to Prometheus; 0 would say "all is well".
        }
        return text;
    }
}
