using Microsoft.Extensions.Logging;

namespace Durable.Server.Host.Tests;

public class CommandLineTests
{
    [Theory]
    // A flag and the setting that it changes, as the options print it.
    [InlineData("--port 7000", "Port = 7000")]
    [InlineData("--port=7000", "Port = 7000")]
    [InlineData("-p 0", "Port = 0")]
    [InlineData("--http-port 7243", "HttpPort = 7243")]
    [InlineData("--metrics-port 9090", "MetricsPort = 9090")]
    [InlineData("--ui-port 8000", "UiPort = 8000")]
    [InlineData("--ip 0.0.0.0", "Ip = 0.0.0.0")]
    [InlineData("--ip localhost", "Ip = 127.0.0.1")]
    [InlineData("--ip ::1", "Ip = ::1")]
    [InlineData("--ui-ip 127.0.0.2", "UiIp = 127.0.0.2")]
    [InlineData("--ui-public-path /temporal/", "UiPublicPath = /temporal,")]
    [InlineData("--headless", "Headless = True")]
    [InlineData("--headless=false", "Headless = False")]
    [InlineData("--db-filename x.db", "DatabaseFile = x.db")]
    [InlineData("-f x.db", "DatabaseFile = x.db")]
    [InlineData("--log-level error", "LogLevel = Error")]
    [InlineData("--log-level never", "LogLevel = None")]
    [InlineData("--log-format json", "JsonLogs = True")]
    [InlineData("--log-config", "LogsConfig = True")]
    [InlineData("--retention 2.00:00:00", "Retention = 2.00:00:00")]
    [InlineData("--dynamic-config-value limit.blobSize.error=1000", "BlobBytes = 1000")]
    [InlineData("--dynamic-config-value history.maxInFlightUpdates=3", "UpdatesInFlight = 3")]
    [InlineData("--dynamic-config-value frontend.enableServerVersionCheck=false", "Port = 7233")]
    [InlineData("--ui-asset-path x --ui-codec-endpoint http://localhost --color never -o json --command-timeout 3s", "Port = 7233")]
    [InlineData("--ui-disable-news-fetch --disable-config-env", "Port = 7233")]
    public void Parse_StartDev_SetsTheOption(string flags, string setting) => Parse("server start-dev " + flags).ToString().ShouldContain(setting);

    [Fact]
    public void Parse_Repeatable_KeepsAll()
    {
        var options = Parse("server start-dev -n a --namespace=b -n a --search-attribute A=Int --search-attribute B=Keyword --sqlite-pragma synchronous=1 --sqlite-pragma cache_size=-100");

        options.Namespaces.ShouldBe(["default", "a", "b"]);
        options.SearchAttributes.ShouldBe(["A=Int", "B=Keyword"]);
        options.SqlitePragmas.ShouldBe(new Dictionary<string, string> { ["synchronous"] = "1", ["cache_size"] = "-100" }, ignoreOrder: true);
    }

    [Fact]
    public void Parse_WhatTheCoreOfSdksSends_IsUnderstood()
    {
        var options = Parse(
            "server start-dev --port 41000 --namespace default --ip 127.0.0.1 --log-format pretty --log-level warn --dynamic-config-value frontend.enableServerVersionCheck=false --headless");

        options.ShouldSatisfyAllConditions(
            () => options.Port.ShouldBe(41000),
            () => options.Headless.ShouldBeTrue(),
            () => options.LogLevel.ShouldBe(LogLevel.Warning),
            () => options.TimeSkipping.ShouldBeFalse());
    }

    [Theory]
    [InlineData("7000")]
    [InlineData("7000 --enable-time-skipping")]
    public void Parse_PortAlone_IsTheTestServer(string arguments)
    {
        var options = Parse(arguments);

        options.Port.ShouldBe(7000);
        options.TimeSkipping.ShouldBeTrue();
        options.Headless.ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "no command")]
    [InlineData("workflow list", "unknown command: workflow list")]
    [InlineData("70000", "not a port between 0 and 65535")]
    [InlineData("7000 --db-filename x", "in memory")]
    [InlineData("server start-dev extra", "unknown argument: extra")]
    [InlineData("server start-dev --prot 1", "unknown flag: --prot")]
    [InlineData("server start-dev --port", "flag needs an argument: --port")]
    [InlineData("server start-dev --port x", "invalid argument \"x\" for \"--port\" flag: not a port between 0 and 65535")]
    [InlineData("server start-dev --port -1", "not a port")]
    [InlineData("server start-dev --ip nowhere", "invalid argument \"nowhere\" for \"--ip\" flag: not an IP address")]
    [InlineData("server start-dev --log-level loud", "must be one of debug, info, warn, error, never")]
    [InlineData("server start-dev --log-format xml", "must be one of text, json, pretty")]
    [InlineData("server start-dev --headless=maybe", "must be true or false")]
    [InlineData("server start-dev --retention soon", "not a time span")]
    [InlineData("server start-dev --search-attribute A", "must be KEY=VALUE")]
    [InlineData("server start-dev --dynamic-config-value x", "must be KEY=VALUE")]
    [InlineData("server start-dev --dynamic-config-value limit.blobSize.error=many", "limit.blobSize.error must be a positive whole number")]
    public void Parse_Wrong_SaysWhat(string arguments, string message) =>
        Should.Throw<ArgumentException>(() => Parse(arguments)).Message.ShouldContain(message);

    private static ServerHostOptions Parse(string arguments) => CommandLine.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
