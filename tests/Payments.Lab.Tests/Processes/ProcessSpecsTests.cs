using Payments.Lab.Processes;

namespace Payments.Lab.Tests.Processes;

public sealed class ProcessSpecsTests
{
    [Fact]
    public void For_Defaults_NamesBuiltAssembliesOfThisConfiguration()
    {
        var specs = ProcessSpecs.For(new LabOptions());

        specs.Select(spec => spec.Name).ShouldBe(ProcessNames.All);
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        foreach (var spec in specs)
        {
            File.Exists(spec.Assembly).ShouldBeTrue(spec.Assembly);
            new FileInfo(spec.Assembly).Directory!.Name.ShouldBe(configuration);
        }
    }

    [Fact]
    public void For_Offset_ShiftsEveryPort()
    {
        var shifted = new LabPorts().Offset(1000).ByName();

        shifted.ShouldAllBe(port => port.Value == new LabPorts().ByName()[port.Key] + 1000);
        ProcessSpecs.For(new LabOptions { Ports = new LabPorts().Offset(1000) }).Single(s => s.Name == ProcessNames.Ingress)
            .Ready.Port.ShouldBe(9080);
    }

    [Fact]
    public void For_SettingsOfOneProcess_ReachItAndNoOther()
    {
        var specs = ProcessSpecs.For(new LabOptions
        {
            Settings = new Dictionary<string, IReadOnlyDictionary<string, string>>
            {
                [ProcessNames.Worker] = new Dictionary<string, string> { ["Protection__GatewayKeys"] = "false" },
            },
        });

        specs.Where(spec => spec.Environment.ContainsKey("Protection__GatewayKeys")).Select(spec => spec.Name).ShouldBe([ProcessNames.Worker]);
    }
}
