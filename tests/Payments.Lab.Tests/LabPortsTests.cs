namespace Payments.Lab.Tests;

public sealed class LabPortsTests
{
    private const int Block = 10;

    /// <summary>Another process that looks for ports meets a listener, long before the lab's own processes listen.</summary>
    [Fact]
    public void Free_BeforeAnythingListens_TheBlockIsClaimedAndItsPortsAreFree()
    {
        var ports = LabPorts.Free().ByName().Values;

        LabPorts.IsFree(LastOfBlock(ports.First())).ShouldBeFalse();
        ports.ShouldAllBe(port => port / Block == ports.First() / Block && LabPorts.IsFree(port));
    }

    [Fact]
    public void FreeOffset_BeforeAnythingListens_EveryBlockIsClaimedAndThePortsAreFree()
    {
        var ports = new LabPorts().Offset(LabPorts.FreeOffset()).ByName().Values;

        ports.Select(LastOfBlock).ShouldAllBe(port => !LabPorts.IsFree(port));
        ports.ShouldAllBe(port => LabPorts.IsFree(port));
    }

    private static int LastOfBlock(int port) => (port / Block * Block) + Block - 1;
}
