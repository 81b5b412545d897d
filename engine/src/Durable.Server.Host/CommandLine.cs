using System.Globalization;
using System.Net;
using Durable.Server.Executions;

namespace Durable.Server.Host;

/// <summary>
/// Reads the two command lines that SDKs know: <c>server start-dev</c> of Temporal's CLI, and <c>PORT</c> of its test server with a clock that skips time.
/// </summary>
public static class CommandLine
{
    public const string Usage = """
        usage: server start-dev [flags]   the development server
               PORT [flags]               a server for tests whose clock skips time

          --port, -p N            gRPC, default 7233; 0 takes a free one
          --ip IP                 where to listen, default 127.0.0.1
          --db-filename, -f FILE  keep everything in this SQLite file; default in memory
          --namespace, -n NAME    registered at start beside "default"; repeatable
          --search-attribute K=T  registered at start; repeatable
          --headless              no web pages
          --ui-port N, --ui-ip IP, --ui-public-path PATH
          --http-port N           Temporal's HTTP API (what reads) on a port of its own
          --metrics-port N        Prometheus metrics on a port of their own
          --dynamic-config-value KEY=JSON, --sqlite-pragma NAME=VALUE   repeatable
          --retention SPAN        of closed workflows, default 1.00:00:00
          --log-level debug|info|warn|error|never   default warn
          --log-format text|json|pretty
          --log-config            print the settings at start
        """;

    private delegate ServerHostOptions Apply(ServerHostOptions options, string flag, string value);

    private static readonly Dictionary<string, Apply> Valued = new(StringComparer.Ordinal)
    {
        ["--port"] = static (options, flag, value) => options with { Port = Port(flag, value) },
        ["--http-port"] = static (options, flag, value) => options with { HttpPort = Port(flag, value) },
        ["--metrics-port"] = static (options, flag, value) => options with { MetricsPort = Port(flag, value) },
        ["--ui-port"] = static (options, flag, value) => options with { UiPort = Port(flag, value) },
        ["--ip"] = static (options, flag, value) => options with { Ip = Ip(flag, value) },
        ["--ui-ip"] = static (options, flag, value) => options with { UiIp = Ip(flag, value) },
        ["--ui-public-path"] = static (options, _, value) => options with { UiPublicPath = value.TrimEnd('/') },
        ["--db-filename"] = static (options, flag, value) => options with { DatabaseFile = value.Length > 0 ? value : throw Invalid(flag, value, "empty") },
        ["--namespace"] = static (options, _, value) => options with { Namespaces = [.. options.Namespaces.Append(value).Distinct()] },
        ["--search-attribute"] = static (options, flag, value) => options with { SearchAttributes = [.. options.SearchAttributes, Pair(flag, value)] },
        ["--sqlite-pragma"] = static (options, flag, value) => options with
        {
            SqlitePragmas = new Dictionary<string, string>(options.SqlitePragmas) { [Pair(flag, value).Split('=', 2)[0]] = value.Split('=', 2)[1] },
        },
        ["--dynamic-config-value"] = static (options, flag, value) => options with { Limits = DynamicConfig.Apply(options.Limits, flag, Pair(flag, value)) },
        ["--retention"] = static (options, flag, value) => options with
        {
            Retention = TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var retention) && retention > TimeSpan.Zero
                ? retention
                : throw Invalid(flag, value, "not a time span such as 1.00:00:00"),
        },
        ["--log-level"] = static (options, flag, value) => options with { LogLevel = Level(flag, value) },
        ["--log-format"] = static (options, flag, value) => value is "text" or "json" or "pretty"
            ? options with { JsonLogs = value == "json" }
            : throw Invalid(flag, value, "must be one of text, json, pretty"),
    };

    private static readonly Dictionary<string, string> Short = new(StringComparer.Ordinal)
    {
        ["-p"] = "--port", ["-f"] = "--db-filename", ["-n"] = "--namespace", ["-o"] = "--output",
    };

    /// <summary>Flags of Temporal's CLI that change nothing here, taken so that its scripts work; those with a value.</summary>
    private static readonly HashSet<string> TakenValued = new(StringComparer.Ordinal)
    {
        "--ui-asset-path", "--ui-codec-endpoint", "--color", "--time-format", "--output", "--command-timeout", "--client-connect-timeout",
        "--env", "--env-file", "--config-file", "--profile",
    };

    /// <summary>The same without a value.</summary>
    private static readonly HashSet<string> TakenSwitches = new(StringComparer.Ordinal)
    {
        "--ui-disable-news-fetch", "--no-json-shorthand-payloads", "--disable-config-env", "--disable-config-file",
    };

    /// <exception cref="ArgumentException">What is wrong with the arguments, in words for whoever typed them.</exception>
    public static ServerHostOptions Parse(IReadOnlyList<string> arguments)
    {
        if (arguments is ["server", "start-dev", ..])
        {
            return Flags(new ServerHostOptions(), arguments, 2);
        }
        if (arguments.Count > 0 && int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            // The test server's own flag ("--enable-time-skipping") says what it does anyway.
            var flags = arguments.Where(static argument => argument != "--enable-time-skipping").ToList();
            return Flags(new ServerHostOptions { Port = Port("PORT", arguments[0]), Headless = true, TimeSkipping = true }, flags, 1) is var options &&
                options.DatabaseFile is null
                ? options
                : throw new ArgumentException("--db-filename: a server whose clock skips time keeps everything in memory");
        }
        throw new ArgumentException(arguments.Count == 0 ? "no command" : $"unknown command: {string.Join(' ', arguments.Take(2))}");
    }

    /// <summary>For <c>--log-config</c>: everything as it will be used, one setting a line.</summary>
    public static string Describe(ServerHostOptions options) => options.ToString().Replace(", ", "\n  ", StringComparison.Ordinal);

    private static ServerHostOptions Flags(ServerHostOptions options, IReadOnlyList<string> arguments, int first)
    {
        for (var i = first; i < arguments.Count; i++)
        {
            var (typed, given) = arguments[i].Split('=', 2) is [var name, var rest] && name.StartsWith('-') ? (name, rest) : (arguments[i], null);
            var flag = Short.GetValueOrDefault(typed, typed);
            if (!flag.StartsWith('-'))
            {
                throw new ArgumentException($"unknown argument: {flag}");
            }
            if (flag is "--headless" or "--log-config" || TakenSwitches.Contains(flag))
            {
                options = Switch(options, flag, given);
                continue;
            }
            if (!Valued.TryGetValue(flag, out var apply) && !TakenValued.Contains(flag))
            {
                throw new ArgumentException($"unknown flag: {typed}");
            }
            var value = given ?? (i + 1 < arguments.Count ? arguments[++i] : throw new ArgumentException($"flag needs an argument: {typed}"));
            options = apply?.Invoke(options, flag, value) ?? options;
        }
        return options;
    }

    private static ServerHostOptions Switch(ServerHostOptions options, string flag, string? given)
    {
        if (!bool.TryParse(given ?? "true", out var isOn))
        {
            throw Invalid(flag, given!, "must be true or false");
        }
        return flag switch
        {
            "--headless" => options with { Headless = isOn },
            "--log-config" => options with { LogsConfig = isOn },
            _ => options,
        };
    }

    private static int Port(string flag, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw Invalid(flag, text, "not a port between 0 and 65535");

    private static string Ip(string flag, string text) =>
        text == "localhost" ? "127.0.0.1" : IPAddress.TryParse(text, out _) ? text : throw Invalid(flag, text, "not an IP address");

    private static string Pair(string flag, string text) =>
        text.IndexOf('=', StringComparison.Ordinal) > 0 ? text : throw Invalid(flag, text, "must be KEY=VALUE");

    private static LogLevel Level(string flag, string text) => text switch
    {
        "debug" => LogLevel.Debug,
        "info" => LogLevel.Information,
        "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "never" => LogLevel.None,
        _ => throw Invalid(flag, text, "must be one of debug, info, warn, error, never"),
    };

    private static ArgumentException Invalid(string flag, string text, string why) => new($"invalid argument \"{text}\" for \"{flag}\" flag: {why}");
}
