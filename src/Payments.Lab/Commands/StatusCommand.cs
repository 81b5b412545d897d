using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Payments.Lab.Watch;
using Spectre.Console;

namespace Payments.Lab.Commands;

internal static class StatusCommand
{
    public static async Task<int> RunAsync(LabOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        if (LabState.Find(options.Data) is not { } state)
        {
            AnsiConsole.MarkupLineInterpolated($"No lab is running on {Path.GetFullPath(options.Data)}.");
            return 1;
        }
        using var http = new HttpClient();
        var rows = await http.GetFromJsonAsync<ProcessStatus[]>(LabAddresses.For(state.Ports).Lab + "/processes", cancellation) ?? [];
        var table = new Table().AddColumns("process", "pid", "ready", "starts", "memory", "health");
        foreach (var row in rows)
        {
            table.AddRow(row.Name, row.Pid?.ToString(CultureInfo.InvariantCulture) ?? "-", row.Ready ? "yes" : "[red]no[/]",
                row.Starts.ToString(CultureInfo.InvariantCulture), Memory(row.Pid), row.Health);
        }
        AnsiConsole.Write(table);
        return rows.All(row => row.Ready) ? 0 : 1;
    }

    private static string Memory(int? pid)
    {
        if (pid is null)
        {
            return "-";
        }
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(pid.Value);
            return $"{process.WorkingSet64 / (1024 * 1024)} MiB";
        }
        catch (ArgumentException)
        {
            // Gone since the lab was asked.
            return "-";
        }
    }
}
