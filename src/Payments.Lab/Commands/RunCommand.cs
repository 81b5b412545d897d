using System.CommandLine;
using System.Diagnostics;
using Payments.Lab.Processes;
using Payments.Lab.Watch;
using Spectre.Console;

namespace Payments.Lab.Commands;

/// <summary>Without a command: starts everything and stays until it is stopped.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(LabOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        AnsiConsole.MarkupLine("Starting server, gateway, worker and ingress ...");
        IAsyncDisposable lab;
        if (options.InProcess)
        {
            lab = await InProcessLab.StartAsync(options, cancellation);
        }
        else
        {
            lab = await RunningLab.StartAsync(options, ShowDeath, cancellation: cancellation);
        }
        await using var running = lab;
        AnsiConsole.MarkupLineInterpolated($"[green]Ready[/] after {watch.Elapsed.TotalSeconds:0.0} s.");
        foreach (var process in await ((ILab)lab).StatusAsync(cancellation))
        {
            Row(process.Name, $"process {process.Pid}, {(process.Ready ? "ready" : "not ready")}, {process.Address}/metrics");
        }
        Console.WriteLine();
        ShowAddresses(options);

        var stopped = new TaskCompletionSource();
        await using (cancellation.Register(stopped.SetResult))
        {
            await stopped.Task;
        }
        AnsiConsole.MarkupLine("Stopping ...");
        return 0;
    }

    public static void ShowDeath(ChildProcess child, ProcessDeath death)
    {
        AnsiConsole.MarkupLineInterpolated($"[red]{child.Name} ended with {death.ExitCode}[/]{(death.Restarts ? " and is started again" : "")}. Its last lines:");
        foreach (var line in death.LastLines)
        {
            AnsiConsole.WriteLine("  " + line);
        }
    }

    // Not through the console library, which would wrap what is meant to be pasted.
    private static void ShowAddresses(LabOptions options)
    {
        var addresses = LabAddresses.For(options.Ports);
        Row("payments", addresses.Ingress);
        Row("API documentation", addresses.Ingress + "/docs");
        Row("gateway's ledger", addresses.Gateway + "/charges");
        Row("web UI", addresses.ServerWeb);
        Row("Temporal (gRPC)", addresses.ServerGrpc);
        Row("metrics", addresses.Lab + "/metrics, and those above");
        Row("fault proxy", addresses.FaultProxy + "/proxies");
        Row("traces, dashboard", "with OTEL_EXPORTER_OTLP_ENDPOINT, and deploy/README.md");
        Row("state and logs", Path.GetFullPath(options.Data));
        Console.WriteLine();
        Console.WriteLine("Pay, and pay again with the same line:");
        Console.WriteLine();
        Console.WriteLine($"  curl -i -X POST {addresses.Ingress}/PaymentService/payment-123/Create \\");
        Console.WriteLine("    -H 'Content-Type: application/json' -H 'idempotency-key: unique-key-123' \\");
        Console.WriteLine("    -d '{\"amount\": 10000, \"currency\": \"USD\"}'");
        Console.WriteLine();
        Console.WriteLine("Ctrl-C stops everything.");
    }

    private static void Row(string what, string where) => Console.WriteLine($"  {what,-18} {where}");
}
