using System.Collections.Concurrent;

namespace Payments.Client;

/// <summary>Keys for the life of the process.</summary>
public sealed class MemoryKeyStore : IKeyStore
{
    private readonly ConcurrentDictionary<string, Lazy<string>> keys = new(StringComparer.Ordinal);

    public ValueTask<string> GetOrAddAsync(string intent, Func<string> mint, CancellationToken cancellationToken) =>
        ValueTask.FromResult(keys.GetOrAdd(intent, _ => new Lazy<string>(mint)).Value);
}
