using System.Net;
using System.Net.Sockets;

namespace Payments.Lab;

/// <summary>Where everything listens, on the loopback. The defaults are Temporal's and Toxiproxy's own where they have some.</summary>
public sealed record LabPorts
{
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

    /// <summary>Ports that are free now, for labs beside each other.</summary>
    public static LabPorts Free()
    {
        var listeners = Enumerable.Range(0, 7).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
        {
            listener.Start();
        }
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners)
        {
            listener.Dispose();
        }
        return new LabPorts
        {
            Ingress = ports[0], Gateway = ports[1], Server = ports[2], ServerWeb = ports[3], Worker = ports[4], FaultProxy = ports[5], Lab = ports[6],
        };
    }

    public IReadOnlyDictionary<string, int> ByName() => new Dictionary<string, int>
    {
        ["ingress"] = Ingress, ["gateway"] = Gateway, ["server (gRPC)"] = Server, ["server (web)"] = ServerWeb,
        ["worker"] = Worker, ["fault proxy"] = FaultProxy, ["lab"] = Lab,
    };
}
