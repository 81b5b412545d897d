using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Payments.Lab;

/// <summary>Where everything listens, on the loopback. The defaults are Temporal's and Toxiproxy's own where they have some.</summary>
public sealed record LabPorts
{
    public const int Highest = 65_535;

    private const int LowestFree = 10_000;
    private const int HighestFree = 32_000;

    /// <summary>A lab's seven, and three for what a test runs beside it.</summary>
    private const int Block = 10;

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    public int Ingress { get; init; } = 8080;

    public int Gateway { get; init; } = 8090;

    public int Server { get; init; } = 7233;

    /// <summary>The server's web pages, health and metrics.</summary>
    public int ServerWeb { get; init; } = 8233;

    /// <summary>The worker's health and metrics.</summary>
    public int Worker { get; init; } = 9464;

    /// <summary>The fault proxy's HTTP interface.</summary>
    public int FaultProxy { get; init; } = 8474;

    /// <summary>The lab's own health, metrics and process control.</summary>
    public int Lab { get; init; } = 9465;

    public LabPorts Offset(int by) => new()
    {
        Ingress = Ingress + by, Gateway = Gateway + by, Server = Server + by, ServerWeb = ServerWeb + by,
        Worker = Worker + by, FaultProxy = FaultProxy + by, Lab = Lab + by,
    };

    /// <summary>
    /// Ports that are free now and were not given before by this process, for labs beside each other. They lie below those that systems give to outgoing
    /// connections (32768 and up): such a connection must not take the port of a process that is down for a moment.
    /// </summary>
    public static LabPorts Free()
    {
        while (true)
        {
            var first = LowestFree + (Random.Shared.Next((HighestFree - LowestFree) / Block) * Block);
            if (Give([first]) && Enumerable.Range(first, Block).All(IsFree))
            {
                return new LabPorts
                {
                    Ingress = first, Gateway = first + 1, Server = first + 2, ServerWeb = first + 3, Worker = first + 4, FaultProxy = first + 5, Lab = first + 6,
                };
            }
        }
    }

    /// <summary>The same for a lab that is started by its command: an offset of the usual ports.</summary>
    public static int FreeOffset()
    {
        var usual = new LabPorts().ByName().Values;
        while (true)
        {
            var offset = Random.Shared.Next(LowestFree, HighestFree - usual.Max());
            var ports = usual.Select(port => port + offset).ToArray();
            if (Give(ports.Select(port => port / Block * Block)) && ports.All(IsFree))
            {
                return offset;
            }
        }
    }

    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // Those that were given before stay taken, also where another one in the way makes the caller choose again.
    private static bool Give(IEnumerable<int> blocks)
    {
        var free = true;
        foreach (var block in blocks.Distinct())
        {
            free &= Given.TryAdd(block, true);
        }
        return free;
    }

    public IReadOnlyDictionary<string, int> ByName() => new Dictionary<string, int>
    {
        ["ingress"] = Ingress, ["gateway"] = Gateway, ["server (gRPC)"] = Server, ["server (web)"] = ServerWeb,
        ["worker"] = Worker, ["fault proxy"] = FaultProxy, ["lab"] = Lab,
    };
}
