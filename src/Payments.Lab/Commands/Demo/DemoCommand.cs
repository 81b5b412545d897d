using System.CommandLine;
using Spectre.Console;

namespace Payments.Lab.Commands.Demo;

/// <summary>Runs the story by itself. Each step says what it does, does it, and counts in the gateway's ledger.</summary>
internal static class DemoCommand
{
    private static readonly IReadOnlyList<DemoStep> Steps = [.. KeySteps.All, .. OutcomeSteps.All, .. CrashSteps.All];

    public static async Task<int> RunAsync(LabOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        await using var lab = await LabSession.OpenAsync(options, cancellation);
        var demo = new DemoContext(lab, cancellation);
        for (var i = 0; i < Steps.Count; i++)
        {
            AnsiConsole.MarkupLineInterpolated($"[bold]{i + 1}. {Steps[i].Title}[/]");
            await Steps[i].Run(demo);
        }
        AnsiConsole.MarkupLine(demo.Well
            ? $"[green]{Steps.Count} steps: every payment with a key was charged once.[/]"
            : "[red]Something is wrong; see the lines marked \"wrong\".[/]");
        return demo.Well ? 0 : 1;
    }
}
