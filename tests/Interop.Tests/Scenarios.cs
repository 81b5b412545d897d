using System.Text.RegularExpressions;

namespace Interop.Tests;

/// <summary>The scenarios of tests/interop, read from their files, so that they are known where Node is not.</summary>
public static partial class Scenarios
{
    public static string Folder { get; } = Path.Combine(Root(), "tests", "interop");

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Folder, "scenarios"), "*.mjs").Order(StringComparer.Ordinal)
            .SelectMany(static file => Name().Matches(File.ReadAllText(file))).Select(static name => name.Groups[1].Value)];

    [GeneratedRegex(@"^  '([^']+)': (?:async )?\(w\)", RegexOptions.Multiline)]
    private static partial Regex Name();

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Payments.slnx")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException("no folder above the test has Payments.slnx");
    }
}
