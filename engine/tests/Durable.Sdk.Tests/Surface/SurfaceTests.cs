using System.Text.RegularExpressions;

namespace Durable.Sdk.Tests.Surface;

/// <summary>
/// Code for this SDK compiles against the official one, and the other way round. Aim: nothing public that the official SDK lacks, and nothing lacking that SURFACE.md
/// does not name. Method: compare the printed surface with the official list, line by line, so that defaults, nullability, bases and enum values count too.
/// </summary>
public partial class SurfaceTests
{
    private static readonly HashSet<string> Official = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Surface", "official.txt"))];

    private static readonly SortedSet<string> Ours = PublicSurface.Of(
        typeof(Temporalio.Client.TemporalClient).Assembly,
        typeof(Temporalio.Extensions.Hosting.TemporalWorkerService).Assembly,
        typeof(Temporalio.Testing.WorkflowEnvironment).Assembly);

    [Fact]
    public void Members_OfOurs_AllInTheOfficialSurface() => Ours.Where(static line => !Official.Contains(line)).ShouldBeEmpty();

    [Fact]
    public void Members_OfTheOfficialSurface_ThatAreMissing_AreListed()
    {
        var patterns = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "SURFACE.md"))
            .Select(static line => Listed().Match(line)).Where(static match => match.Success).Select(static match => match.Groups["pattern"].Value).ToArray();
        patterns.Length.ShouldBeGreaterThan(3);
        var regexes = patterns.ToDictionary(static pattern => pattern, static pattern => new Regex("^" + Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)));
        var missing = Official.Where(static line => !Ours.Contains(line)).ToArray();

        missing.Where(line => !regexes.Values.Any(regex => regex.IsMatch(line))).ShouldBeEmpty("not in SURFACE.md");
        regexes.Where(entry => !missing.Any(line => entry.Value.IsMatch(line))).Select(static entry => entry.Key).ShouldBeEmpty("in SURFACE.md, but there");
    }

    [Fact]
    public void Surface_OutsideNexusTheBridgeAndTheCloud_IsNearlyWhole()
    {
        var wanted = Official.Where(static line => !line.Contains("Nexus", StringComparison.Ordinal) && !line.Contains("Bridge", StringComparison.Ordinal) &&
            !line.Contains("CloudService", StringComparison.Ordinal)).ToArray();
        var have = wanted.Count(Ours.Contains);
        ((double)have / wanted.Length).ShouldBeGreaterThan(0.95, $"{have} of {wanted.Length}");
    }

    [GeneratedRegex(@"^\| `(?<pattern>[^`]+)` \|")]
    private static partial Regex Listed();
}
