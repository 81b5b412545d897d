using System.CommandLine;
using Spectre.Console;

namespace Payments.Lab.Commands;

/// <summary>Only looks whether everything is there that a start needs.</summary>
internal static class CheckCommand
{
    public static Task<int> RunAsync(LabOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        var checks = Preflight.Look(options);
        foreach (var check in checks)
        {
            AnsiConsole.Markup(check.Problem is null ? "[green]ok   [/] " : "[red]wrong[/] ");
            Console.WriteLine(check.Problem ?? check.What);
        }
        return Task.FromResult(checks.Any(check => check.Problem is not null) ? 1 : 0);
    }
}
