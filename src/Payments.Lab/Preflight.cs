using System.Globalization;
using Payments.Lab.Processes;

namespace Payments.Lab;

/// <summary>What must be so before anything is started, each with what to do when it is not.</summary>
public static class Preflight
{
    private const int DotnetNeeded = 10;

    /// <returns>Everything that is wrong, in words; empty when all is well.</returns>
    public static IReadOnlyList<string> Check(LabOptions options) => [.. Look(options).Select(check => check.Problem).OfType<string>()];

    /// <returns>Every check with its result.</returns>
    public static IReadOnlyList<PreflightCheck> Look(LabOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var folder = Path.GetFullPath(options.Data);
        if (LabState.Find(options.Data) is { } running)
        {
            // Everything else would be wrong too, for this one reason.
            return [new($"no lab runs on {folder}", $"A lab is running on {folder} already (process {running.Pid}). Look at it with the command status, stop it with Ctrl-C, "
                + "or start another beside it: --port-offset 1000 --data DIR.")];
        }
        List<PreflightCheck> checks = [new($".NET {Environment.Version}", WrongDotnet())];
        checks.AddRange(options.Ports.ByName().Select(port => new PreflightCheck(
            string.Create(CultureInfo.InvariantCulture, $"port {port.Value} for the {port.Key}"), WrongPort(port.Key, port.Value))));
        checks.Add(new($"folder {folder}", Unwritable(folder) is { } reason ? $"The folder {folder} cannot be written: {reason} Name another with --data DIR." : null));
        if (!options.InProcess && options.Ports.ByName().Values.All(port => port is > 0 and <= LabPorts.Highest))
        {
            checks.AddRange(ProcessSpecs.For(options).Select(spec => new PreflightCheck(
                $"{spec.Name} is built", File.Exists(spec.Assembly) ? null : $"{spec.Name} is not built: {spec.Assembly} is missing. Build everything first: dotnet build.")));
        }
        return checks;
    }

    private static string? WrongDotnet() =>
        Environment.Version.Major < DotnetNeeded ? $"This is .NET {Environment.Version}; .NET {DotnetNeeded} is needed: https://dotnet.microsoft.com/download."
        : Path.IsPathRooted(DotnetHost.Path) || IsOnPath(DotnetHost.Path) ? null
        : $"The command dotnet is not on the path; the lab starts its processes with it. Install .NET {DotnetNeeded}: https://dotnet.microsoft.com/download.";

    private static bool IsOnPath(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? command + ".exe" : command)));

    private static string? WrongPort(string name, int port) =>
        port is < 1 or > LabPorts.Highest ? $"Port {port} for the {name} is not between 1 and {LabPorts.Highest}. Choose another --port-offset."
        : LabPorts.IsFree(port) ? null
        : $"Port {port} for the {name} is taken{(PortOwner.Find(port) is { } owner ? " by " + owner : "")}. Stop what uses it, or shift all ports: --port-offset 1000.";

    private static string? Unwritable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, ".probe");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
