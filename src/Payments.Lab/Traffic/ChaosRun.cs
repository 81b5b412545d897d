using System.Collections.Concurrent;
using System.Diagnostics;
using Payments.Lab.Processes;

namespace Payments.Lab.Traffic;

/// <summary>Callers that never give up, while processes die at random; in the end the ledger is counted.</summary>
/// <param name="act">Does "kill" or "start" to a process.</param>
public sealed class ChaosRun(HttpClient http, LabAddresses addresses, Func<string, string, CancellationToken, Task> act)
{
    private const int Callers = 8;

    /// <summary>A process stays down for up to this long: long enough that calls meet it dead.</summary>
    private const int DownMaxMs = 1_000;

    /// <summary>Between kills up to this long: enough for some payments to end and others to be caught in the middle.</summary>
    private const int UpMaxMs = 1_500;

    public async Task<ChaosResult> RunAsync(int seed, TimeSpan duration, Action<string>? killed = null, CancellationToken cancellation = default)
    {
        var run = Guid.NewGuid().ToString("N")[..8];
        var paid = new ConcurrentDictionary<string, string>();
        var caller = new PaymentCaller(http, addresses.Ingress);
        long calls = 0;
        using var enough = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers).Select(who => Task.Run(
            async () =>
            {
                for (var i = 0; !enough.IsCancellationRequested; i++)
                {
                    var id = $"chaos-{run}-{who}-{i}";
                    var answer = await UntilPaidAsync(caller, id, () => Interlocked.Increment(ref calls), cancellation).ConfigureAwait(false);
                    paid[id] = answer["transactionId"]!.GetValue<string>();
                }
            },
            cancellation)).ToArray();

        var dice = new Random(seed);
        var start = Stopwatch.GetTimestamp();
        var kills = 0;
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            await Task.Delay(dice.Next(UpMaxMs), cancellation).ConfigureAwait(false);
            var victim = ProcessNames.All[dice.Next(ProcessNames.All.Count)];
            killed?.Invoke(victim);
            await act(victim, "kill", cancellation).ConfigureAwait(false);
            await Task.Delay(dice.Next(DownMaxMs), cancellation).ConfigureAwait(false);
            await act(victim, "start", cancellation).ConfigureAwait(false);
            kills++;
        }
        await enough.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(callers).ConfigureAwait(false);

        var charges = await new Ledger(http, addresses.Gateway).ChargesByPaymentAsync(cancellation).ConfigureAwait(false);
        var wrong = paid.Keys.Where(id => charges.GetValueOrDefault(id) != 1)
            .Select(id => $"{id}: {charges.GetValueOrDefault(id)} charges")
            .Concat(charges.Where(charge => charge.Key.StartsWith($"chaos-{run}-", StringComparison.Ordinal) && !paid.ContainsKey(charge.Key))
                .Select(charge => $"{charge.Key}: charged and never acknowledged"));
        return new ChaosResult(paid.Count, kills, calls, [.. wrong]);
    }

    private static async Task<PaymentAnswer> UntilPaidAsync(PaymentCaller caller, string id, Action calling, CancellationToken cancellation)
    {
        while (true)
        {
            calling();
            try
            {
                var answer = await caller.CreateAsync(id, id, 100, cancellation: cancellation).ConfigureAwait(false);
                if (answer.Paid)
                {
                    return answer;
                }
                if (answer.Status is not (202 or 409 or 429 or 503))
                {
                    throw new LabException($"{id} was answered {answer.Status}: {answer.Body}");
                }
            }
            catch (HttpRequestException)
            {
                // The ingress is down: the same key again.
            }
            await Task.Delay(50, cancellation).ConfigureAwait(false);
        }
    }
}
