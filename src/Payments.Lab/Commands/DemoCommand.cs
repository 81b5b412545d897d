using System.CommandLine;
using System.Diagnostics;
using System.Net.Http.Json;
using Payments.Lab.Processes;
using Payments.Lab.Traffic;
using Spectre.Console;

namespace Payments.Lab.Commands;

/// <summary>The story in a minute. Each step says what it does, does it, and counts in the gateway's ledger.</summary>
internal static class DemoCommand
{
    private const long Amount = 10_000;

    public static async Task<int> RunAsync(LabOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        await using var lab = await LabSession.OpenAsync(options, cancellation);
        var caller = new PaymentCaller(lab.Http, lab.Addresses.Ingress);
        var ledger = new Ledger(lab.Http, lab.Addresses.Gateway);
        var run = Guid.NewGuid().ToString("N")[..8];
        var well = true;

        Title("Without a key: two clicks, two payments");
        var first = await caller.PayAsync(null, Amount, "no key", cancellation);
        var second = await caller.PayAsync(null, Amount, "no key", cancellation);
        Check($"{Id(first)} and {Id(second)}", Id(first) != Id(second));

        Title("The same payment five times with one key");
        var id = $"demo-{run}-five";
        for (var i = 1; i <= 5; i++)
        {
            var watch = Stopwatch.StartNew();
            var answer = await caller.CreateAsync(id, $"{id}-key", Amount, cancellation: cancellation);
            AnsiConsole.MarkupLineInterpolated($"  call {i}: {answer.Status}{(answer.Replayed ? ", replayed" : ", executed")}, {watch.Elapsed.TotalMilliseconds:0.0} ms");
        }
        await CountAsync(id);

        Title("Another amount under the same key");
        var conflict = await caller.CreateAsync(id, $"{id}-key", Amount + 1, cancellation: cancellation);
        Check($"{conflict.Status}: {conflict["title"]}", conflict.Status is 422 or 409);

        Title("Ten calls at the same time with one key");
        id = $"demo-{run}-parallel";
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => caller.CreateAsync(id, $"{id}-key", Amount, "tok_slow_200", cancellation)));
        Check($"{answers.Count(a => a.Paid)} of 10 are paid, with {answers.Select(a => a["transactionId"]?.ToString()).Distinct().Count()} transaction id", answers.All(a => a.Paid));
        await CountAsync(id);

        Title("A declined card, asked twice");
        id = $"demo-{run}-declined";
        var declined = await caller.CreateAsync(id, $"{id}-key", Amount, "tok_insufficient_funds", cancellation);
        var again = await caller.CreateAsync(id, $"{id}-key", Amount, "tok_insufficient_funds", cancellation);
        Check($"{declined.Status}, then {again.Status} from the record", declined.Status == 402 && again is { Status: 402, Replayed: true });

        Title("The worker is killed after the gateway charged and before it heard so");
        id = $"demo-{run}-killed";
        using (var plan = await lab.Http.PostAsJsonAsync(lab.Addresses.Gateway + "/faults",
            new { rules = new[] { new { action = "hold-after", gate = run, paymentId = id, times = 1 } } }, cancellation))
        {
            plan.EnsureSuccessStatusCode();
        }
        var waiting = caller.CreateAsync(id, $"{id}-key", Amount, cancellation: cancellation);
        using (var held = await lab.Http.GetAsync($"{lab.Addresses.Gateway}/gates/{run}?waiting=1&timeoutMs=20000", cancellation))
        {
            held.EnsureSuccessStatusCode();
        }
        AnsiConsole.MarkupLine("  charged, and held before the answer: kill -9 worker");
        await lab.ActAsync(ProcessNames.Worker, "kill", cancellation);
        using (await lab.Http.DeleteAsync(lab.Addresses.Gateway + "/faults", cancellation))
        {
            await lab.ActAsync(ProcessNames.Worker, "start", cancellation);
        }
        var outcome = await waiting;
        while (outcome.Retry)
        {
            outcome = await caller.CreateAsync(id, $"{id}-key", Amount, cancellation: cancellation);
        }
        Check($"the caller gets {outcome.Status}", outcome.Paid);
        await CountAsync(id);
        AnsiConsole.MarkupLine(well ? "[green]Every payment was charged once.[/]" : "[red]Something is wrong; see above.[/]");
        return well ? 0 : 1;

        void Title(string text) => AnsiConsole.MarkupLineInterpolated($"[bold]{text}[/]");

        void Check(string text, bool good)
        {
            well &= good;
            AnsiConsole.MarkupLineInterpolated($"  {text}");
        }

        async Task CountAsync(string payment)
        {
            var charges = await ledger.ChargesOfAsync(payment, cancellation);
            Check($"charges in the ledger: {charges}", charges == 1);
        }
    }

    private static string? Id(PaymentAnswer answer) => answer["paymentId"]?.ToString();
}
