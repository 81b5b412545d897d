using System.Globalization;

namespace Durable.Server.Host;

/// <summary>Reads <c>server start-dev</c> as Temporal's CLI does.</summary>
public static class CommandLine
{
    /// <summary>Flags with a value that change nothing here, taken so that scripts for Temporal's CLI work.</summary>
    private static readonly HashSet<string> Tolerated = new(StringComparer.Ordinal)
    {
        "--dynamic-config-value", "--sqlite-pragma", "--http-port", "--metrics-port", "--ui-asset-path", "--ui-codec-endpoint", "--ui-public-path",
        "--log-config", "--color", "--time-format", "--output", "-o", "--command-timeout",
    };

    /// <exception cref="ArgumentException">What is wrong with the arguments, in words for whoever typed them.</exception>
    public static ServerHostOptions Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 2 || arguments[0] != "server" || arguments[1] != "start-dev")
        {
            throw new ArgumentException("usage: server start-dev [--port N] [--ip IP] [--ui-port N] [--headless] [--db-filename FILE] [--namespace NAME] [--log-level LEVEL]");
        }
        var options = new ServerHostOptions();
        var namespaces = new List<string> { "default" };
        var attributes = new List<string>();
        for (var i = 2; i < arguments.Count; i++)
        {
            var (flag, value) = arguments[i].Split('=', 2) is [var name, var given] && name.StartsWith('-') ? (name, given) : (arguments[i], null);
            if (flag == "--headless")
            {
                options = options with { Headless = value is null or "true" };
                continue;
            }
            if (!flag.StartsWith('-'))
            {
                throw new ArgumentException($"unknown argument: {flag}");
            }
            string Value() => value ?? (i + 1 < arguments.Count ? arguments[++i] : throw new ArgumentException($"flag needs an argument: {flag}"));
            switch (flag)
            {
                case "--port" or "-p":
                    options = options with { Port = Port(flag, Value()) };
                    break;
                case "--ui-port":
                    options = options with { UiPort = Port(flag, Value()) };
                    break;
                case "--ip":
                    options = options with { Ip = Value() };
                    break;
                case "--ui-ip":
                    options = options with { UiIp = Value() };
                    break;
                case "--db-filename" or "-f":
                    options = options with { DatabaseFile = Value() };
                    break;
                case "--namespace" or "-n":
                    namespaces.Add(Value());
                    break;
                case "--search-attribute":
                    attributes.Add(Value());
                    break;
                case "--log-level":
                    options = options with { LogLevel = Level(Value()) };
                    break;
                case "--log-format":
                    options = options with { JsonLogs = Value() == "json" };
                    break;
                case "--retention":
                    var text = Value();
                    options = options with
                    {
                        Retention = TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var retention) && retention > TimeSpan.Zero
                            ? retention
                            : throw new ArgumentException($"invalid argument \"{text}\" for \"--retention\" flag: not a time span"),
                    };
                    break;
                default:
                    if (!Tolerated.Contains(flag))
                    {
                        throw new ArgumentException($"unknown flag: {flag}");
                    }
                    Value();
                    break;
            }
        }
        return options with { Namespaces = [.. namespaces.Distinct()], SearchAttributes = attributes };
    }

    private static int Port(string flag, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new ArgumentException($"invalid argument \"{text}\" for \"{flag}\" flag: not a port between 0 and 65535");

    private static LogLevel Level(string text) => text switch
    {
        "debug" => LogLevel.Debug,
        "info" => LogLevel.Information,
        "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "never" => LogLevel.None,
        _ => throw new ArgumentException($"invalid argument \"{text}\" for \"--log-level\" flag: must be one of debug, info, warn, error, never"),
    };
}
