using Payments.Lab.Processes;

namespace Payments.Lab;

/// <summary>What must be so before anything is started, each with what to do when it is not.</summary>
public static class Preflight
{
    /// <returns>Everything that is wrong, in words; empty when all is well.</returns>
    public static IReadOnlyList<string> Check(LabOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<string>();
        foreach (var (name, port) in options.Ports.ByName())
        {
            if (port is < 1 or > 65535)
            {
                problems.Add($"Port {port} for the {name} is not between 1 and 65535. Choose another --port-offset.");
            }
            else if (!LabPorts.IsFree(port))
            {
                problems.Add($"Port {port} for the {name} is taken. Stop what uses it, or shift all ports: --port-offset 1000.");
            }
        }
        if (Unwritable(options.Data) is { } reason)
        {
            problems.Add($"The folder {Path.GetFullPath(options.Data)} cannot be written: {reason} Name another with --data DIR.");
        }
        if (!options.InProcess && problems.Count == 0)
        {
            problems.AddRange(ProcessSpecs.For(options).Where(spec => !File.Exists(spec.Assembly))
                .Select(spec => $"{spec.Name} is not built: {spec.Assembly} is missing. Build everything first: dotnet build."));
        }
        return problems;
    }

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
