using System.Runtime.InteropServices;

namespace Payments.Lab.Processes;

/// <summary>The <c>dotnet</c> that this process runs on, which is then the one of its children, whatever else is on the path.</summary>
public static class DotnetHost
{
    /// <summary>Full path, or <c>dotnet</c> where the runtime does not lie in an installation of its own (a self-contained publish).</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        // …/shared/Microsoft.NETCore.App/10.0.0 lies three levels below the host.
        var ofRuntime = System.IO.Path.GetFullPath(System.IO.Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return new[] { ofRuntime, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") }.FirstOrDefault(File.Exists) ?? "dotnet";
    }
}
