using Payments.Lab.Processes;

namespace Payments.Lab;

/// <summary>Addresses of a running lab.</summary>
public sealed record LabAddresses(string Ingress, string Gateway, string ServerWeb, string ServerGrpc, string Worker, string FaultProxy, string Lab)
{
    public static LabAddresses For(LabPorts ports)
    {
        ArgumentNullException.ThrowIfNull(ports);
        return new(
            ProcessSpecs.Url(ports.Ingress), ProcessSpecs.Url(ports.Gateway), ProcessSpecs.Url(ports.ServerWeb), $"127.0.0.1:{ports.Server}",
            ProcessSpecs.Url(ports.Worker), ProcessSpecs.Url(ports.FaultProxy), ProcessSpecs.Url(ports.Lab));
    }
}
