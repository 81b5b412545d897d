using System.Globalization;
using Payments.Lab.Traffic;

namespace Payments.Bench;

/// <summary>New payments, each under an id and a key that nobody had before.</summary>
internal sealed class PaymentLoad(PaymentCaller caller)
{
    private int next;

    /// <summary>Payments asked for until now.</summary>
    public int Made => next;

    public Task<LoadResult> NewAsync(int callers, TimeSpan duration) =>
        LoadDriver.RunAsync(callers, duration, async (_, _) => (await PayAsync(Interlocked.Increment(ref next))).Paid);

    /// <summary>That many more, however long it takes.</summary>
    public async Task<LoadResult> FillAsync(int callers, int count)
    {
        var last = next + count;
        using var enough = new CancellationTokenSource();
        return await LoadDriver.RunAsync(callers, TimeSpan.MaxValue, async (_, _) =>
        {
            var number = Interlocked.Increment(ref next);
            if (number >= last)
            {
                await enough.CancelAsync();
            }
            return (await PayAsync(number)).Paid;
        }, enough.Token);
    }

    /// <summary>Asks for the first payment again until it is answered.</summary>
    public async Task<PaymentAnswer> UntilReplayedAsync()
    {
        while (true)
        {
            try
            {
                var answer = await PayAsync(1);
                if (answer.Paid)
                {
                    return answer;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(2);
        }
    }

    private Task<PaymentAnswer> PayAsync(int number)
    {
        var name = "bench-" + number.ToString(CultureInfo.InvariantCulture);
        return caller.CreateAsync(name, name, 100);
    }
}
