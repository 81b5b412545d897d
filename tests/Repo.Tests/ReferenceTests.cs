using System.Xml.Linq;

namespace Repo.Tests;

/// <summary>References point one way.</summary>
public sealed class ReferenceTests
{
    private static readonly string[] Engine = ["Durable.Metrics", "Durable.Protocol", "Durable.Server", "Durable.Server.Sqlite", "Durable.Server.Host", "Durable.Sdk", "Durable.Sdk.DiagnosticSource", "Durable.Sdk.Hosting", "Durable.Sdk.OpenTelemetry", "Durable.Sdk.Testing"];

    [Theory]
    [InlineData("Durable.Metrics", "")]
    [InlineData("Durable.Protocol", "")]
    [InlineData("Durable.Sdk", "Durable.Protocol")]
    [InlineData("Durable.Sdk.DiagnosticSource", "Durable.Sdk")]
    [InlineData("Durable.Sdk.Hosting", "Durable.Sdk Durable.Protocol")]
    [InlineData("Durable.Sdk.OpenTelemetry", "Durable.Sdk")]
    [InlineData("Durable.Server", "Durable.Protocol")]
    [InlineData("Durable.Server.Sqlite", "Durable.Server Durable.Protocol")]
    [InlineData("Durable.Server.Host", "Durable.Server Durable.Server.Sqlite Durable.Protocol Durable.Metrics")]
    [InlineData("Payments.FaultProxy", "")]
    [InlineData("Payments.Gateway.Mock", "Payments.Telemetry")]
    [InlineData("Payments.Client", "")]
    [InlineData("Payments.Telemetry", "Durable.Metrics")]
    public void Project_ReferencesOnlyWhatItMay(string project, string allowed) =>
        ReferencesOf(project).Except(allowed.Split(' ')).ShouldBeEmpty();

    /// <summary>An application takes the SDK without taking a web framework.</summary>
    [Theory]
    [InlineData("Durable.Protocol", "Google.Protobuf Grpc.Tools")]
    [InlineData("Durable.Sdk", "Google.Protobuf Microsoft.Extensions.Logging.Abstractions")]
    [InlineData("Durable.Sdk.DiagnosticSource", "")]
    [InlineData("Durable.Sdk.OpenTelemetry", "OpenTelemetry.Api")]
    public void Sdk_DependsOnLittle(string project, string packages)
    {
        var xml = XDocument.Parse(Repository.Read($"engine/src/{project}/{project}.csproj"));

        xml.Descendants("PackageReference").Select(static reference => reference.Attribute("Include")!.Value).Except(packages.Split(' ')).ShouldBeEmpty();
        xml.Descendants("FrameworkReference").ShouldBeEmpty();
    }

    [Fact]
    public void Engine_KnowsNothingOfPayments()
    {
        Engine.SelectMany(ReferencesOf).Where(name => name.StartsWith("Payments", StringComparison.Ordinal)).ShouldBeEmpty();
        Repository.Files.Where(path => path.StartsWith("engine/src/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal)
                && Repository.Read(path).Contains("payment", StringComparison.OrdinalIgnoreCase))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Sdk_IsReferencedThroughItsSeamOnly() =>
        Repository.Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal) && path.StartsWith("src/", StringComparison.Ordinal)
                && Repository.Read(path).Contains("Durable.Sdk", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Fact]
    public void Friends_AreTestsOnly() =>
        Repository.Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal))
            .SelectMany(path => XDocument.Parse(Repository.Read(path)).Descendants("InternalsVisibleTo").Select(friend => friend.Attribute("Include")!.Value))
            .Where(friend => friend is not ("Durable.Sdk.Hosting" or "Durable.Sdk.Testing")) // parts of one SDK, as in the official packages
            .ShouldAllBe(friend => friend.EndsWith(".Tests", StringComparison.Ordinal));

    [Fact]
    public void Projects_AreAllInTheSolution()
    {
        var solution = Repository.Read("Payments.slnx");

        Repository.Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)
                && (path.StartsWith("src/", StringComparison.Ordinal) || path.StartsWith("tests/", StringComparison.Ordinal)
                    || path.StartsWith("engine/", StringComparison.Ordinal) || path.StartsWith("bench/", StringComparison.Ordinal)))
            .Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    private static IEnumerable<string> ReferencesOf(string project)
    {
        var path = Repository.Files.SingleOrDefault(file => file.EndsWith($"/{project}.csproj", StringComparison.Ordinal));
        path.ShouldNotBeNull($"there is no {project}.csproj");
        return XDocument.Parse(Repository.Read(path)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
    }
}
