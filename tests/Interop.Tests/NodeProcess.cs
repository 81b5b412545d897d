using System.ComponentModel;
using System.Diagnostics;

namespace Interop.Tests;

/// <summary>Node, started in tests/interop.</summary>
internal static class NodeProcess
{
    /// <returns>Why it cannot be used; null: it can.</returns>
    public static async Task<string?> MissingAsync()
    {
        if (!Directory.Exists(Path.Combine(Scenarios.Folder, "node_modules")))
        {
            return "the TypeScript SDK is not installed: run npm ci in tests/interop";
        }
        try
        {
            using var node = Start("--version");
            var version = await node.StandardOutput.ReadToEndAsync();
            return version.StartsWith('v') && int.Parse(version[1..version.IndexOf('.', StringComparison.Ordinal)], null) >= 20
                ? null
                : $"Node 20 or newer is needed, not {version.Trim()}";
        }
        catch (Win32Exception)
        {
            return "Node is not installed";
        }
    }

    public static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("node", arguments)
    {
        WorkingDirectory = Scenarios.Folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
