using System.Globalization;

namespace Payments.Bench;

/// <summary>What the command line asks for.</summary>
/// <param name="Step">How long each measurement lasts.</param>
/// <param name="Callers">The concurrencies at which new payments are measured.</param>
/// <param name="Payments">Payments to have in the store before memory and restart are measured.</param>
internal sealed record BenchOptions(TimeSpan Step, IReadOnlyList<int> Callers, int Payments)
{
    public const string Usage = "usage: Payments.Bench [seconds per step, default 8] [--callers 1,16,64,256] [--payments 20000]";

    /// <exception cref="FormatException">An argument is none of those in <see cref="Usage"/>.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions(TimeSpan.FromSeconds(8), [1, 16, 64, 256], 20_000);
        for (var i = 0; i < arguments.Count; i++)
        {
            options = arguments[i] switch
            {
                "--callers" when i + 1 < arguments.Count => options with { Callers = [.. arguments[++i].Split(',').Select(Number)] },
                "--payments" when i + 1 < arguments.Count => options with { Payments = Number(arguments[++i]) },
                var seconds => options with { Step = TimeSpan.FromSeconds(Number(seconds)) },
            };
        }
        return options;
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException(Usage);
}
