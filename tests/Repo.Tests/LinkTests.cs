using System.Text.RegularExpressions;

namespace Repo.Tests;

/// <summary>Links between documents, and paths that they name.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Links_LeadToFiles()
    {
        var dead = new List<string>();
        foreach (var document in Repository.Files.Where(path => path.EndsWith(".md", StringComparison.Ordinal)))
        {
            var folder = Path.GetDirectoryName(document) ?? "";
            foreach (Match link in Link().Matches(WithoutFences(document)))
            {
                var target = link.Groups[1].Value.Split('#')[0];
                if (target.Length == 0 || target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
                {
                    continue;
                }
                if (!Repository.Exists(target.StartsWith('/') ? target[1..] : Path.Combine(folder, target)))
                {
                    dead.Add($"{document}: {link.Groups[1].Value}");
                }
            }
        }
        dead.ShouldBeEmpty();
    }

    [Fact]
    public void Paths_InCodeMarks_Exist()
    {
        var dead = new List<string>();
        foreach (var document in Repository.Files.Where(path => path.EndsWith(".md", StringComparison.Ordinal)))
        {
            foreach (Match named in NamedPath().Matches(Repository.Read(document)))
            {
                var path = named.Value.TrimEnd('/', '.');
                if (!Repository.Exists(path) && !Repository.Exists(Path.Combine("engine", path)))
                {
                    dead.Add($"{document}: {named.Value}");
                }
            }
        }
        dead.ShouldBeEmpty();
    }

    private static string WithoutFences(string document) => Fence().Replace(Repository.Read(document), "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    // A path from the root to something that has an ending, or a project folder.
    [GeneratedRegex(@"(?<![\w/.-])(?:src|engine|tests|bench|deploy|docs|eng|http|scripts)/[\w./-]*(?:\.(?:cs|csproj|md|props|proto|yml|yaml|json|http|sh|js|mjs))(?![\w*])")]
    private static partial Regex NamedPath();
}
