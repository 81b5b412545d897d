using System.Collections.Concurrent;
using Durable.Protocol;

namespace Temporalio.Client.Internal;

/// <summary>
/// Names that lead to a server of this process instead of a port, so that a client that is made from another's <c>TargetHost</c>, by a hosted
/// worker for example, reaches the same server.
/// </summary>
internal static class InProcessTargets
{
    private static readonly ConcurrentDictionary<string, Func<RpcTransport>> Targets = new(StringComparer.Ordinal);
    private static int last;

    /// <returns>A name in the form of host and port.</returns>
    public static string Add(Func<RpcTransport> connect)
    {
        var name = $"in-process:{Interlocked.Increment(ref last)}";
        Targets[name] = connect;
        return name;
    }

    public static void Remove(string name) => Targets.TryRemove(name, out _);

    public static RpcTransport? Find(string name) => Targets.TryGetValue(name, out var connect) ? connect() : null;
}
