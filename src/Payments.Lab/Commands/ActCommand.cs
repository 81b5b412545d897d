using Spectre.Console;

namespace Payments.Lab.Commands;

/// <summary>Does something to one process of a running lab.</summary>
internal static class ActCommand
{
    public static async Task<int> RunAsync(LabOptions options, string action, string process, CancellationToken cancellation)
    {
        await using var lab = LabSession.Attach(options);
        await lab.ActAsync(process, action, cancellation);
        AnsiConsole.MarkupLineInterpolated($"{process}: {action} is done.");
        return 0;
    }
}
