using Microsoft.Extensions.Caching.Memory;

namespace Payments.Ingress;

/// <summary>
/// Requests that were put into the history a moment ago. A caller that asks every second while no worker is there must not add a signal each time: a
/// run has room for ten thousand. Thread-safe.
/// </summary>
public sealed class SubmittedRecently(TimeProvider time) : IDisposable
{
    /// <summary>Long enough to turn a poll a second into a trickle; short enough that a payment which an operator has terminated is soon submitted anew.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    private readonly MemoryCache recent = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    public async Task OnceAsync(string identity, Func<Task> submit)
    {
        ArgumentNullException.ThrowIfNull(submit);
        if (recent.TryGetValue(identity, out DateTimeOffset until) && until > time.GetUtcNow())
        {
            return;
        }
        await submit().ConfigureAwait(false);
        Remember(identity);
    }

    public void Remember(string identity) =>
        recent.Set(identity, time.GetUtcNow() + Remembered, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Remembered, Size = 1 });

    /// <summary>Forgets everything, when the lab is cleared.</summary>
    public void Clear() => recent.Clear();

    public void Dispose() => recent.Dispose();
}
