using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Payments.Lab.Watch;
using Spectre.Console;

namespace Payments.Lab.Commands;

/// <summary>What runs, whether it is ready, and what it uses.</summary>
internal static class StatusCommand
{
    public static async Task<int> RunAsync(LabOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        await using var lab = LabSession.Attach(options);
        var rows = await lab.Http.GetFromJsonAsync<ProcessStatus[]>(lab.Addresses.Lab + "/processes", cancellation) ?? [];
        var table = new Table().AddColumns("process", "pid", "ready", "starts", "CPU", "memory", "address");
        foreach (var row in rows)
        {
            table.AddRow(row.Name, row.Pid?.ToString(CultureInfo.InvariantCulture) ?? "-", row.Ready ? "yes" : "[red]no[/]",
                row.Starts.ToString(CultureInfo.InvariantCulture), row.Pid is null ? "-" : $"{row.CpuSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
                row.Pid is null ? "-" : $"{row.MemoryBytes / (1024 * 1024)} MiB", row.Address);
        }
        AnsiConsole.Write(table);
        return rows.All(row => row.Ready) ? 0 : 1;
    }
}
