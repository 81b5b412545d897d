using Payments.Lab.Traffic;
using Spectre.Console;

namespace Payments.Lab.Commands;

internal static class ChaosCommand
{
    public static async Task<int> RunAsync(LabOptions options, int seed, TimeSpan duration, CancellationToken cancellation)
    {
        await using var lab = await LabSession.OpenAsync(options, cancellation);
        var result = await new ChaosRun(lab.Http, lab.Addresses, lab.ActAsync).RunAsync(
            seed, duration, process => AnsiConsole.MarkupLineInterpolated($"kill -9 {process}"), cancellation);
        AnsiConsole.MarkupLine($"{result.Payments} payments, {result.Kills} kills, {result.Calls} calls: "
            + (result.Wrong.Count == 0 ? "[green]each payment was charged once[/]" : $"[red]{result.Wrong.Count} payments were not charged once[/]"));
        foreach (var wrong in result.Wrong)
        {
            AnsiConsole.WriteLine("  " + wrong);
        }
        return result.Wrong.Count == 0 ? 0 : 1;
    }
}
