using System.Globalization;
using Payments.Lab.Traffic;
using Spectre.Console;

namespace Payments.Lab.Commands;

internal static class MassCommand
{
    /// <param name="named">A file of the caller's own; null makes <c>payments.csv</c> in the lab's folder.</param>
    public static async Task<int> RunAsync(LabOptions options, string? named, int made, CancellationToken cancellation)
    {
        await using var lab = await LabSession.OpenAsync(options, cancellation);
        var file = named ?? Path.Combine(options.Data, "payments.csv");
        if (named is null)
        {
            PaymentRow.Write(file, PaymentRow.Make(made));
        }
        var rows = PaymentRow.Read(file);
        var count = rows.Count;
        AnsiConsole.MarkupLineInterpolated($"{rows.Count} payments from {file}; 30 % of the requests and 30 % of the answers get lost.");
        var mass = new MassPayment(lab.Http, lab.Addresses);
        var table = new Table().AddColumns("retry", "calls", "confirmed to the caller", "charges in the ledger", "that is");
        var exact = true;
        foreach (var style in Enum.GetValues<RetryStyle>())
        {
            var result = await mass.RunAsync(style, rows, cancellation);
            table.AddRow(style.ToString().ToLowerInvariant(), Text(result.Calls), Text(result.Confirmed), Text(result.Charges),
                result.Charges < count ? "too few" : result.Charges > count ? "[red]charged twice[/]" : "[green]exactly once[/]");
            exact &= style != RetryStyle.Keyed || (result.Charges == count && result.Confirmed == count);
        }
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(
            "Two generals cannot agree over a network that loses messengers: when no answer comes, the caller cannot know whether the request or the answer was "
            + "lost. Not to ask again loses payments, to ask again blindly makes them twice. With a key the question is always the same question, so it may be "
            + "asked until it is answered.");
        return exact ? 0 : 1;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
