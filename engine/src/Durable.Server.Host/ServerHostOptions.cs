using Durable.Server.Executions;

namespace Durable.Server.Host;

/// <summary>What the command line sets; the defaults are those of Temporal's development server.</summary>
public sealed record ServerHostOptions
{
    public string Ip { get; init; } = "127.0.0.1";

    /// <summary>0: a free port, found in <see cref="ServerHost.Port"/>.</summary>
    public int Port { get; init; } = 7233;

    /// <summary>Of Temporal's HTTP API, the reading part; null: it is on the web port only.</summary>
    public int? HttpPort { get; init; }

    /// <summary>Of <c>/metrics</c> alone; null: on the web port only.</summary>
    public int? MetricsPort { get; init; }

    /// <summary>Of the web pages; null: the gRPC port plus 1000.</summary>
    public int? UiPort { get; init; }

    /// <summary>Null: <see cref="Ip"/>.</summary>
    public string? UiIp { get; init; }

    /// <summary>Path under which the web pages are reached from outside; empty: at the root.</summary>
    public string UiPublicPath { get; init; } = "";

    /// <summary>No web pages.</summary>
    public bool Headless { get; init; }

    /// <summary>A clock that jumps to the next timer, and the TestService that locks it: for tests, in memory.</summary>
    public bool TimeSkipping { get; init; }

    /// <summary>Null: in memory.</summary>
    public string? DatabaseFile { get; init; }

    public IReadOnlyDictionary<string, string> SqlitePragmas { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Namespaces { get; init; } = ["default"];

    /// <summary>Custom search attributes as <c>Name=Type</c>.</summary>
    public IReadOnlyList<string> SearchAttributes { get; init; } = [];

    public ExecutionLimits Limits { get; init; } = new();

    public LogLevel LogLevel { get; init; } = LogLevel.Warning;

    public bool JsonLogs { get; init; }

    /// <summary>Print the settings at start.</summary>
    public bool LogsConfig { get; init; }

    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(1);
}
