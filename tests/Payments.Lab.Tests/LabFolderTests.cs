namespace Payments.Lab.Tests;

public sealed class LabFolderTests
{
    [Fact]
    public void Open_WhileAnotherLabHasIt_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var first = LabFolder.Open(folder.Path, clean: false);

        Should.Throw<LabException>(() => LabFolder.Open(folder.Path, clean: true)).Message.ShouldContain("--data");
    }

    [Fact]
    public void Open_Clean_RemovesTheLabsOwnAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "gateway"));
        var ledger = Path.Combine(folder.Path, "gateway", "ledger.log");
        var foreign = Path.Combine(folder.Path, "notes.txt");
        File.WriteAllText(ledger, "");
        File.WriteAllText(foreign, "");

        LabFolder.Open(folder.Path, clean: false).Dispose();
        File.Exists(ledger).ShouldBeTrue();
        LabFolder.Open(folder.Path, clean: true).Dispose();

        File.Exists(ledger).ShouldBeFalse();
        File.Exists(foreign).ShouldBeTrue();
    }

    [Fact]
    public void Find_StateOfALabThatWasKilled_IsNone()
    {
        using var folder = new TemporaryFolder();
        LabState.Find(folder.Path).ShouldBeNull();

        using (LabFolder.Open(folder.Path, clean: false))
        {
            new LabState(Environment.ProcessId, new LabPorts().Offset(5)).Write(folder.Path);
            LabState.Find(folder.Path)!.Ports.Ingress.ShouldBe(8085);
        }

        LabState.Find(folder.Path).ShouldBeNull();
    }
}
