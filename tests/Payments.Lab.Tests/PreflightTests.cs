using System.Net;
using System.Net.Sockets;

namespace Payments.Lab.Tests;

public sealed class PreflightTests
{
    [Fact]
    public void Check_PortIsTaken_NamesItsOwnerAndTheWayOut()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var problems = Preflight.Check(new LabOptions { Ports = LabPorts.Free() with { Gateway = port }, Data = folder.Path });

        var owner = OperatingSystem.IsLinux() ? $" by {File.ReadAllText("/proc/self/comm").Trim()} (process {Environment.ProcessId})" : "";
        problems.ShouldHaveSingleItem().ShouldBe($"Port {port} for the gateway is taken{owner}. Stop what uses it, or shift all ports: --port-offset 1000.");
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
    public void Check_ALabRunsOnTheFolder_SaysThatAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        using var held = LabFolder.Open(folder.Path, clean: false);
        new LabState(4711, new LabPorts()).Write(folder.Path);

        Preflight.Check(new LabOptions { Ports = LabPorts.Free(), Data = folder.Path }).ShouldHaveSingleItem().ShouldContain("is running on");
    }

    [Fact]
    public void Look_AllIsWell_NamesEachCheck()
    {
        using var folder = new TemporaryFolder();

        var checks = Preflight.Look(new LabOptions { Ports = LabPorts.Free(), Data = folder.Path });

        checks.ShouldAllBe(check => check.Problem == null);
        checks.Select(check => check.What).ShouldContain(what => what.StartsWith(".NET 10", StringComparison.Ordinal));
        checks.Count(check => check.What.StartsWith("port ", StringComparison.Ordinal)).ShouldBe(7);
    }

    [Fact]
    public void Check_OffsetBeyondThePorts_SaysSo() =>
        Preflight.Check(new LabOptions { Ports = new LabPorts().Offset(60_000), Data = Path.GetTempPath() }).ShouldContain(problem => problem.Contains("--port-offset", StringComparison.Ordinal));
}
