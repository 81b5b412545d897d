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

    /// <summary>A lab's seven, two for what a test runs beside it, and the last for the claim.</summary>
    private const int Block = 10;

    private static readonly ConcurrentBag<TcpListener> Claims = [];

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
    /// Ports that are free now and were given before neither by this process nor by another one that lives, for labs beside each other. They lie below those
    /// that systems give to outgoing connections (32768 and up): such a connection must not take the port of a process that is down for a moment.
    /// </summary>
    public static LabPorts Free()
    {
        while (true)
        {
            var first = LowestFree + (Random.Shared.Next((HighestFree - LowestFree) / Block) * Block);
            if (Claim(first) && Enumerable.Range(first, Block - 1).All(IsFree))
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
            // A multiple of the block, because none of the usual ports is the last of one.
            var offset = Random.Shared.Next(LowestFree / Block, (HighestFree - usual.Max()) / Block) * Block;
            var ports = usual.Select(port => port + offset).ToArray();
            if (ports.Select(port => port / Block * Block).Distinct().All(Claim) && ports.All(IsFree))
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

    // Its last port is listened on for as long as this process lives, also where another block in the way makes the caller choose again: what is free now may be
    // used only in seconds, and is free once more whenever a process of the lab is down.
    private static bool Claim(int block)
    {
        var claim = new TcpListener(IPAddress.Loopback, block + Block - 1);
        try
        {
            claim.Start();
        }
        catch (SocketException)
        {
            claim.Dispose();
            return false;
        }
        Claims.Add(claim);
        return true;
    }

    public IReadOnlyDictionary<string, int> ByName() => new Dictionary<string, int>
    {
        ["ingress"] = Ingress, ["gateway"] = Gateway, ["server (gRPC)"] = Server, ["server (web)"] = ServerWeb,
        ["worker"] = Worker, ["fault proxy"] = FaultProxy, ["lab"] = Lab,
    };
}
