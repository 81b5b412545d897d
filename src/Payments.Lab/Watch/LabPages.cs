using Durable.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Payments.Lab.Processes;
using Payments.Telemetry;

namespace Payments.Lab.Watch;

/// <summary>The lab's own pages on the loopback: health, the drift of the ledger, and what to do with a process.</summary>
internal static class LabPages
{
    public static WebApplication Build(RunningLab lab)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(lab.Addresses.Lab);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        var app = builder.Build();
        app.MapGet("/health", () => Results.Text("ok"));
        app.MapGet("/health/ready", async (CancellationToken cancellation) => (await StatusAsync(lab, cancellation)).All(p => p.Ready)
            ? Results.Text("ok")
            : Results.Text("not every process is ready", statusCode: StatusCodes.Status503ServiceUnavailable));
        app.MapGet("/processes", (CancellationToken cancellation) => StatusAsync(lab, cancellation));
        app.MapPost("/processes/{name}/{action}", (string name, string action) => ActAsync(lab, name, action));
        app.MapGet("/metrics", async (CancellationToken cancellation) => Results.Text(await MetricsAsync(lab, cancellation), PrometheusExporter.ContentType));
        return app;
    }

    private static async Task<ProcessStatus[]> StatusAsync(RunningLab lab, CancellationToken cancellation) =>
        await Task.WhenAll(lab.Children.Select(async child =>
            new ProcessStatus(child.Name, child.Pid, await child.IsReadyAsync(lab.Http, cancellation).ConfigureAwait(false), child.Starts, child.Spec.Ready.ToString())))
            .ConfigureAwait(false);

    private static async Task<IResult> ActAsync(RunningLab lab, string name, string action)
    {
        try
        {
            var child = lab[name];
            switch (action)
            {
                case "restart":
                    await child.RestartAsync().ConfigureAwait(false);
                    break;
                case "kill":
                    await child.KillAsync().ConfigureAwait(false);
                    break;
                case "start":
                    await child.StartAsync().ConfigureAwait(false);
                    break;
                default:
                    return Results.Text("The actions are restart, kill and start.", statusCode: StatusCodes.Status404NotFound);
            }
            return Results.NoContent();
        }
        catch (LabException e)
        {
            return Results.Text(e.Message, statusCode: StatusCodes.Status404NotFound);
        }
    }

    // Written by hand, because the one number has to be read from two processes first; when one of them is away there is no number.
    private static async Task<string> MetricsAsync(RunningLab lab, CancellationToken cancellation)
    {
        var text = "# HELP lab_process_starts_total How often the lab started each process.\n# TYPE lab_process_starts_total counter\n"
            + string.Concat(lab.Children.Select(child => $"lab_process_starts_total{{process=\"{child.Name}\"}} {child.Starts}\n"));
        try
        {
            var audit = await lab.AuditAsync(cancellation).ConfigureAwait(false);
            text += "# HELP payments_ledger_drift Charges at the gateway minus payments acknowledged and pending.\n# TYPE payments_ledger_drift gauge\n"
                + $"payments_ledger_drift {audit.Drift}\n";
        }
        catch (HttpRequestException)
        {
            // A gauge that is not there says "unknown" to Prometheus; 0 would say "all is well".
        }
        return text;
    }
}
