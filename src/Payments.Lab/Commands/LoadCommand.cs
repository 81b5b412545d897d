using System.Globalization;
using Payments.Lab.Traffic;
using Spectre.Console;

namespace Payments.Lab.Commands;

internal static class LoadCommand
{
    private const int AtOnce = 20;

    public static async Task<int> RunAsync(LabOptions options, int callers, TimeSpan duration, CancellationToken cancellation)
    {
        await using var lab = await LabSession.OpenAsync(options, cancellation);
        var caller = new PaymentCaller(lab.Http, lab.Addresses.Ingress);
        var run = Guid.NewGuid().ToString("N");
        var result = await LoadDriver.RunAsync(callers, duration, async (who, i) =>
            (await caller.CreateAsync($"load-{run}-{who}-{i}", $"{run}-{who}-{i}", 100, cancellation: cancellation)).Paid, cancellation);
        AnsiConsole.MarkupLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Callers} callers: {result.PerSecond:0} payments/s, p50 {result.P50:0.0} ms, p95 {result.P95:0.0} ms, p99 {result.P99:0.0} ms, {result.Failed} failed"));

        var id = $"load-{run}-one";
        // Ten may be in flight on one payment; the others are told to come again, and do.
        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => UntilAnsweredAsync(caller, id, cancellation)));
        var charges = await new Ledger(lab.Http, lab.Addresses.Gateway).ChargesOfAsync(id, cancellation);
        AnsiConsole.MarkupLine($"{AtOnce} calls at once under one key: {answers.Count(a => a.Paid)} paid, {answers.Count(a => a.Replayed)} of them replays, "
            + $"{charges} charge in the ledger");
        return result.Failed == 0 && charges == 1 ? 0 : 1;
    }

    private static async Task<PaymentAnswer> UntilAnsweredAsync(PaymentCaller caller, string id, CancellationToken cancellation)
    {
        while (true)
        {
            var answer = await caller.CreateAsync(id, id, 100, cancellation: cancellation);
            if (!answer.Retry)
            {
                return answer;
            }
        }
    }
}
