using System.Collections.Concurrent;
using System.Diagnostics;
using Payments.Lab.Processes;

namespace Payments.Lab.Traffic;

/// <summary>
/// Callers that never give up, while processes die at random; in the end the ledger is counted and the callers' history checked. Each payment is asked for by
/// two callers at once under one key, and once more when it is paid.
/// </summary>
/// <param name="act">Does "kill" or "start" to a process.</param>
public sealed class ChaosRun(HttpClient http, LabAddresses addresses, Func<string, string, CancellationToken, Task> act)
{
    private const int Callers = 8;

    /// <summary>A process stays down for up to this long: long enough that calls meet it dead.</summary>
    private const int DownMaxMs = 1_000;

    /// <summary>Between kills up to this long: enough for some payments to end and others to be caught in the middle.</summary>
    private const int UpMaxMs = 1_500;

    /// <summary>A minute in all: a gateway that is started reads its ledger first.</summary>
    private const int CountTriesMax = 600;
    private const int CountPauseMs = 100;

    public async Task<ChaosResult> RunAsync(int seed, TimeSpan duration, Action<string>? killed = null, CancellationToken cancellation = default)
    {
        var run = Guid.NewGuid().ToString("N")[..8];
        var paid = new ConcurrentBag<string>();
        var caller = new PaymentCaller(http, addresses.Ingress);
        var history = new CallHistory(TimeProvider.System);
        using var enough = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers).Select(who => Task.Run(
            async () =>
            {
                for (var i = 0; !enough.IsCancellationRequested; i++)
                {
                    var id = $"chaos-{run}-{who}-{i}";
                    await Task.WhenAll(UntilPaidAsync(caller, id, history, cancellation), UntilPaidAsync(caller, id, history, cancellation)).ConfigureAwait(false);
                    await UntilPaidAsync(caller, id, history, cancellation).ConfigureAwait(false);
                    paid.Add(id);
                }
            },
            cancellation)).ToArray();

        var dice = new Random(seed);
        var start = Stopwatch.GetTimestamp();
        var kills = 0;
        // Dealt like cards: by chance alone some process may never have its turn.
        var victims = new Queue<string>();
        while (Stopwatch.GetElapsedTime(start) < duration || kills < ProcessNames.All.Count)
        {
            await Task.Delay(dice.Next(UpMaxMs), cancellation).ConfigureAwait(false);
            if (victims.Count == 0)
            {
                var deck = ProcessNames.All.ToArray();
                dice.Shuffle(deck);
                victims = new(deck);
            }
            var victim = victims.Dequeue();
            killed?.Invoke(victim);
            await act(victim, "kill", cancellation).ConfigureAwait(false);
            await Task.Delay(dice.Next(DownMaxMs), cancellation).ConfigureAwait(false);
            await act(victim, "start", cancellation).ConfigureAwait(false);
            kills++;
        }
        await enough.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(callers).ConfigureAwait(false);

        var charges = await CountAsync(cancellation).ConfigureAwait(false);
        var acknowledged = paid.ToHashSet(StringComparer.Ordinal);
        var wrong = acknowledged.Where(id => charges.GetValueOrDefault(id) != 1)
            .Select(id => $"{id}: {charges.GetValueOrDefault(id)} charges")
            .Concat(charges.Where(charge => charge.Key.StartsWith($"chaos-{run}-", StringComparison.Ordinal) && !acknowledged.Contains(charge.Key))
                .Select(charge => $"{charge.Key}: charged and never acknowledged"))
            .Concat(history.Check());
        return new ChaosResult(acknowledged.Count, kills, history.Calls, [.. wrong]);
    }

    // The gateway may be the last that was killed, and not listen yet.
    private async Task<IReadOnlyDictionary<string, int>> CountAsync(CancellationToken cancellation)
    {
        var ledger = new Ledger(http, addresses.Gateway);
        for (var left = CountTriesMax; ; left--)
        {
            try
            {
                return await ledger.ChargesByPaymentAsync(cancellation).ConfigureAwait(false);
            }
            catch (HttpRequestException) when (left > 0)
            {
                await Task.Delay(CountPauseMs, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static async Task UntilPaidAsync(PaymentCaller caller, string id, CallHistory history, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                var answer = await history.RecordAsync(id, () => caller.CreateAsync(id, id, 100, cancellation: cancellation)).ConfigureAwait(false);
                if (answer.Paid)
                {
                    return;
                }
                if (!answer.Retry)
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
