using System.Collections.Concurrent;

namespace Payments.FaultProxy;

/// <summary>All proxies by name.</summary>
public sealed class ProxyTable(int seed, TimeProvider clock) : IDisposable
{
    private readonly Random dice = new(seed);

    internal ConcurrentDictionary<string, Proxy> Proxies { get; } = new(StringComparer.Ordinal);

    internal Proxy Make(string name, string listen, string upstream) => new(name, listen, upstream, dice, clock);

    internal void Reset()
    {
        foreach (var proxy in Proxies.Values)
        {
            proxy.Set([]);
            proxy.Start();
        }
    }

    public void Dispose()
    {
        foreach (var proxy in Proxies.Values)
        {
            proxy.Dispose();
        }
    }
}
