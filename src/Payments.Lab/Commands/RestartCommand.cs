using Spectre.Console;

namespace Payments.Lab.Commands;

internal static class RestartCommand
{
    public static async Task<int> RunAsync(LabOptions options, string process, CancellationToken cancellation)
    {
        if (LabState.Find(options.Data) is null)
        {
            throw new LabException($"No lab is running on {Path.GetFullPath(options.Data)}.");
        }
        await using var lab = await LabSession.OpenAsync(options, cancellation);
        await lab.ActAsync(process, "restart", cancellation);
        AnsiConsole.MarkupLineInterpolated($"{process} was restarted.");
        return 0;
    }
}
