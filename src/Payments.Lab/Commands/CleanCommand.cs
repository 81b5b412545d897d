using System.CommandLine;
using Spectre.Console;

namespace Payments.Lab.Commands;

internal static class CleanCommand
{
    public static Task<int> RunAsync(LabOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        if (Directory.Exists(options.Data))
        {
            LabFolder.Open(options.Data, clean: true).Dispose();
        }
        AnsiConsole.MarkupLineInterpolated($"{Path.GetFullPath(options.Data)} is empty.");
        return Task.FromResult(0);
    }
}
