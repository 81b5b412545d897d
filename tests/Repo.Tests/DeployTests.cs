using System.Text.RegularExpressions;

namespace Repo.Tests;

/// <summary>The compose file, the dashboard and the alerts say what the code says.</summary>
public sealed partial class DeployTests
{
    [Theory]
    [InlineData("ingress", "Ingress")]
    [InlineData("gateway", "Gateway")]
    [InlineData("worker", "Worker")]
    [InlineData("temporal", "Server")]
    [InlineData("temporal-ui", "ServerWeb")]
    [InlineData("toxiproxy", "FaultProxy")]
    [InlineData("auditor", "Lab")]
    public void Compose_PublishesThePortsOfTheLab(string service, string port)
    {
        var number = Regex.Match(Repository.Read("src/Payments.Lab/LabPorts.cs"), $@"int {port} {{ get; init; }} = (\d+);").Groups[1].Value;

        number.ShouldNotBeEmpty();
        Service(service).ShouldContain($"127.0.0.1:{number}:{number}\"");
    }

    [Theory]
    [InlineData("gateway", "Payments.Gateway.Mock")]
    [InlineData("worker", "Payments.Worker")]
    [InlineData("ingress", "Payments.Ingress")]
    public void Compose_BuildsTheProjectAndSetsOnlyWhatTheCodeReads(string service, string project)
    {
        var text = Service(service);
        text.ShouldContain($"PROJECT: {project} ");
        var code = string.Concat(Repository.Files.Where(path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal)).Select(Repository.Read));
        foreach (Match setting in Setting().Matches(text))
        {
            var (section, name) = (setting.Groups[1].Value, setting.Groups[2].Value);
            (code.Contains($"\"{section}:{name}\"", StringComparison.Ordinal)
                || (code.Contains($"\"{section}\"", StringComparison.Ordinal) && Regex.IsMatch(code, $@"\b{name} {{ get; (set|init); }}")))
                .ShouldBeTrue($"nothing reads {section}:{name}");
        }
    }

    [Theory]
    [InlineData("gateway", "Gateway")]
    [InlineData("worker", "Worker")]
    [InlineData("ingress", "Ingress")]
    [InlineData("auditor", "Lab")]
    public void Compose_ChecksTheHealthOfWhatItBuildsOnItsPort(string service, string port)
    {
        var number = Regex.Match(Repository.Read("src/Payments.Lab/LabPorts.cs"), $@"int {port} {{ get; init; }} = (\d+);").Groups[1].Value;

        Service(service).ShouldContain($"\"/app/healthcheck.sh\", \"{number}\"");
    }

    [Theory]
    [InlineData("ingress", "Ingress")]
    [InlineData("worker", "Worker")]
    [InlineData("gateway", "Gateway")]
    [InlineData("auditor", "Lab")]
    public void Prometheus_AsksEachProcessOnItsPort(string service, string port)
    {
        var number = Regex.Match(Repository.Read("src/Payments.Lab/LabPorts.cs"), $@"int {port} {{ get; init; }} = (\d+);").Groups[1].Value;

        Repository.Read("deploy/prometheus/prometheus.yml").ShouldContain($"[{service}:{number}]");
    }

    [Theory]
    [InlineData("scripts/compose-up.sh")]
    [InlineData("deploy/README.md")]
    [InlineData("deploy/k6/payments.js")]
    public void Addresses_ThatArePrinted_ArePublished(string path)
    {
        var compose = Repository.Read("docker-compose.yml");

        var named = Address().Matches(Repository.Read(path)).Select(match => match.Groups[1].Value).Distinct().ToArray();

        named.ShouldNotBeEmpty();
        named.Where(port => !compose.Contains($"\"127.0.0.1:{port}:{port}\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Projects_ThatComposeBuilds_TakeTheOfficialSdk()
    {
        var dockerfile = Repository.Read("deploy/Dockerfile");

        dockerfile.ShouldContain("ARG SDK=Official");
        dockerfile.ShouldContain("-p:TemporalSdk=${SDK}");
        foreach (var service in new[] { "gateway", "worker", "ingress" })
        {
            Service(service).ShouldNotContain("SDK:");
        }
    }

    [Theory]
    [InlineData("deploy/prometheus/alerts.yml")]
    [InlineData("deploy/grafana/dashboards/payments.json")]
    public void Watchers_AskForMetricsThatExist(string path)
    {
        var code = string.Concat(Repository.Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && file.Contains("src/", StringComparison.Ordinal)).Select(Repository.Read));

        var asked = Metric().Matches(Repository.Read(path)).Select(match => Suffix().Replace(match.Value, "")).Distinct().ToArray();

        asked.ShouldNotBeEmpty();
        asked.Where(name => !code.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Compose_IsAcceptedByDockerCompose()
    {
        if (Repository.Run("docker-compose", "", "-f", "docker-compose.yml", "config", "-q") is not { } result)
        {
            Assert.Skip("docker-compose is not installed");
            return;
        }
        result.ExitCode.ShouldBe(0, result.Output);
    }

    [Theory]
    [InlineData("rules", "deploy/prometheus/alerts.yml")]
    [InlineData("config", "deploy/prometheus/prometheus.yml")]
    public void Prometheus_AcceptsItsFiles(string what, string path)
    {
        if (Repository.Run("promtool", "", "check", what, path) is not { } result)
        {
            Assert.Skip("promtool is not installed");
            return;
        }
        result.ExitCode.ShouldBe(0, result.Output);
    }

    /// <summary>The service's part of the compose file, with the shared part that it takes in.</summary>
    private static string Service(string name)
    {
        var compose = Repository.Read("docker-compose.yml");
        var part = Regex.Match(compose, $@"^  {name}:\n(?:    .*\n|\n)*", RegexOptions.Multiline).Value;
        part.ShouldNotBeEmpty();
        return part;
    }

    [GeneratedRegex(@"\b([A-Z]\w*?)__(\w+):")]
    private static partial Regex Setting();

    [GeneratedRegex(@"\b(?:payments?|idempotency|gateway|concurrent|refunds)_[a-z_]+[a-z]\b")]
    private static partial Regex Metric();

    [GeneratedRegex(@"localhost:(\d+)")]
    private static partial Regex Address();

    [GeneratedRegex("_(?:bucket|sum|count)$")]
    private static partial Regex Suffix();
}
