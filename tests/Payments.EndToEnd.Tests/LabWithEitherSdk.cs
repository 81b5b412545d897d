using System.Diagnostics;
using Payments.Lab.Processes;

namespace Payments.EndToEnd.Tests;

/// <summary>
/// A lab whose worker and ingress are built with Temporal's own SDK (<c>-p:TemporalSdk=Official</c>) when a test wants them so, and with this repository's when it
/// does not. Server, gateway and state stay.
/// </summary>
public sealed class LabWithEitherSdk : LabFixture
{
    // From the one that is asked to the one that asks.
    private static readonly (string Process, string Project)[] Swapped = [(ProcessNames.Worker, "Payments.Worker"), (ProcessNames.Ingress, "Payments.Ingress")];

    private readonly Dictionary<string, ChildProcess> official = [];
    private string? missing;

    /// <summary>The process of the SDK in use.</summary>
    public ChildProcess this[string process] => official.GetValueOrDefault(process) ?? Lab[process];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var artifacts = Path.Combine(HttpFile.Root, "artifacts", "official");
        foreach (var (process, project) in Swapped)
        {
            missing ??= await BuildAsync(project, artifacts);
            var managed = Lab[process].Spec;
            official[process] = new ChildProcess(
                managed with { Name = process + "-official", Assembly = Path.Combine(artifacts, "bin", project, "debug", project + ".dll") },
                Lab.Logs, restart: false, TimeProvider.System);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var child in official.Values)
        {
            await child.DisposeAsync();
        }
        await base.DisposeAsync();
    }

    /// <summary>Stops the processes of one SDK and starts those of the other; skips the test where the official packages cannot be had.</summary>
    public async Task UseAsync(bool officialSdk)
    {
        Assert.SkipWhen(missing is not null, missing ?? "");
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        foreach (var (process, _) in Swapped.Reverse())
        {
            await (officialSdk ? Lab[process] : official[process]).StopAsync();
        }
        foreach (var (process, _) in Swapped)
        {
            var wanted = officialSdk ? official[process] : Lab[process];
            if (wanted.Pid is null)
            {
                await wanted.StartAsync();
            }
            await wanted.ReadyAsync(Http, late.Token);
        }
    }

    /// <returns>Null when it was built; otherwise why the packages are not to be had.</returns>
    private static async Task<string?> BuildAsync(string project, string artifacts)
    {
        var start = new ProcessStartInfo(DotnetHost.Path)
        {
            RedirectStandardOutput = true, WorkingDirectory = HttpFile.Root,
            ArgumentList = { "build", "src/" + project, "-p:TemporalSdk=Official", "-p:ArtifactsPath=" + artifacts, "-nodeReuse:false", "--nologo", "-v:q" },
        };
        using var build = Process.Start(start)!;
        var said = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        if (build.ExitCode == 0)
        {
            return null;
        }
        // Not found, no such version, no source reached: that is the machine, everything else is this repository.
        return said.Contains("NU1101", StringComparison.Ordinal) || said.Contains("NU1102", StringComparison.Ordinal) || said.Contains("NU1301", StringComparison.Ordinal)
            ? "The packages of the official SDK cannot be restored here."
            : throw new InvalidOperationException(said);
    }
}
