using System.Net;
using System.Net.Sockets;

namespace Payments.Lab.Tests;

public sealed class PreflightTests
{
    [Fact]
    public void Check_PortIsTaken_NamesItAndTheWayOut()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var problems = Preflight.Check(new LabOptions { Ports = LabPorts.Free() with { Gateway = port }, Data = folder.Path });

        problems.ShouldHaveSingleItem().ShouldBe($"Port {port} for the gateway is taken. Stop what uses it, or shift all ports: --port-offset 1000.");
    }

    [Fact]
    public void Check_FolderIsAFile_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "file");
        File.WriteAllText(file, "");

        Preflight.Check(new LabOptions { Ports = LabPorts.Free(), Data = file }).ShouldHaveSingleItem().ShouldContain("--data DIR");
    }

    [Fact]
    public void Check_OffsetBeyondThePorts_SaysSo() =>
        Preflight.Check(new LabOptions { Ports = new LabPorts().Offset(60_000), Data = Path.GetTempPath() }).ShouldContain(problem => problem.Contains("--port-offset", StringComparison.Ordinal));
}
