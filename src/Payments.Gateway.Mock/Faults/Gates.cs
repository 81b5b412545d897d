using System.Collections.Concurrent;

namespace Payments.Gateway.Mock.Faults;

/// <summary>The gates by name; each exists from its first mention.</summary>
public sealed class Gates
{
    private readonly ConcurrentDictionary<string, Gate> gates = new(StringComparer.Ordinal);

    public Gate this[string name] => gates.GetOrAdd(name, static n => new Gate(n));

    /// <summary>Lets everything go and forgets the gates.</summary>
    public void ReleaseAll()
    {
        foreach (var name in gates.Keys)
        {
            if (gates.TryRemove(name, out var gate))
            {
                gate.Release();
            }
        }
    }
}
