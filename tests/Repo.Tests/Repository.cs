using System.Diagnostics;

namespace Repo.Tests;

/// <summary>The files of this repository as they are tracked, or, without git, as they lie there.</summary>
internal static class Repository
{
    private static readonly string[] Untracked = ["artifacts", ".lab", ".git", "node_modules", "bin", "obj", "TestResults"];

    /// <summary>The folder with Payments.slnx, found from the tests upwards.</summary>
    public static string Root { get; } = Find();

    /// <summary>Relative paths with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = List();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Exists(string path) => File.Exists(Path.Combine(Root, path)) || Directory.Exists(Path.Combine(Root, path));

    /// <returns>Null when the tool is not installed.</returns>
    public static (int ExitCode, string Output)? Run(string tool, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments)
        {
            WorkingDirectory = Root, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEnd() + error.Result;
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Payments.slnx")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException("No folder above the tests has Payments.slnx.");
    }

    // Whatever a build server, an editor or another test lays beside the tracked files is none of the repository's.
    private static IReadOnlyList<string> List() =>
        Path.Exists(Path.Combine(Root, ".git")) && Run("git", "", "ls-files", "-z") is (0, var tracked)
            ? [.. tracked.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(path => File.Exists(Path.Combine(Root, path)))]
            : Walked();

    private static List<string> Walked()
    {
        var found = new List<string>();
        Walk("");
        return found;

        void Walk(string under)
        {
            foreach (var entry in new DirectoryInfo(Path.Combine(Root, under)).EnumerateFileSystemInfos())
            {
                var path = under.Length == 0 ? entry.Name : $"{under}/{entry.Name}";
                if (Untracked.Contains(entry.Name))
                {
                    continue;
                }
                if (entry is DirectoryInfo)
                {
                    Walk(path);
                }
                else
                {
                    found.Add(path);
                }
            }
        }
    }
}
