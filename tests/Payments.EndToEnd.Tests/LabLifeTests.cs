using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Payments.Lab;
using Payments.Lab.Watch;

namespace Payments.EndToEnd.Tests;

/// <summary>The lab as its user has it: a command that starts everything and leaves nothing behind, however it ends.</summary>
public sealed class LabLifeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lab-").FullName;

    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    public async Task Lab_EndedBySignal_LeavesNoProcessBehind(int signal)
    {
        var offset = FreeOffset();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[]
        {
            typeof(RunningLab).Assembly.Location, "--data", folder, "--port-offset", offset.ToString(CultureInfo.InvariantCulture),
        })
        {
            start.ArgumentList.Add(argument);
        }
        using var lab = Process.Start(start)!;
        var said = "";
        while (await lab.StandardOutput.ReadLineAsync() is { } line)
        {
            said += line + "\n";
            if (line.StartsWith("Ctrl-C", StringComparison.Ordinal))
            {
                break;
            }
        }
        said.ShouldContain("curl -i -X POST");
        said.ShouldNotContain("\u001b", customMessage: "colours in a pipe");
        _ = lab.StandardOutput.ReadToEndAsync();
        using var http = new HttpClient();
        var address = LabAddresses.For(new LabPorts().Offset(offset)).Lab;
        var children = (await http.GetFromJsonAsync<ProcessStatus[]>(address + "/processes"))!.Select(child => Process.GetProcessById(child.Pid!.Value)).ToArray();
        children.Length.ShouldBe(4);

        Process.Start("kill", [$"-{signal}", lab.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        await lab.WaitForExitAsync(TestContext.Current.CancellationToken);

        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        foreach (var child in children)
        {
            await child.WaitForExitAsync(late.Token);
            child.Dispose();
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static int FreeOffset()
    {
        var dice = new Random();
        while (true)
        {
            var offset = dice.Next(20_000, 50_000);
            if (Preflight.Check(new LabOptions { Ports = new LabPorts().Offset(offset), Data = Path.GetTempPath() }).Count == 0)
            {
                return offset;
            }
        }
    }
}
