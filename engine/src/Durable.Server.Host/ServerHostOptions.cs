namespace Durable.Server.Host;

/// <summary>What the command line sets; the defaults are those of Temporal's development server.</summary>
public sealed record ServerHostOptions
{
    public string Ip { get; init; } = "127.0.0.1";

    /// <summary>0: a free port, found in <see cref="ServerHost.Port"/>.</summary>
    public int Port { get; init; } = 7233;

    /// <summary>Of the web pages; null: the gRPC port plus 1000.</summary>
    public int? UiPort { get; init; }

    public string? UiIp { get; init; }

    /// <summary>No web pages.</summary>
    public bool Headless { get; init; }

    /// <summary>Null: in memory.</summary>
    public string? DatabaseFile { get; init; }

    public IReadOnlyList<string> Namespaces { get; init; } = ["default"];

    /// <summary>Custom search attributes as <c>Name=Type</c>.</summary>
    public IReadOnlyList<string> SearchAttributes { get; init; } = [];

    public LogLevel LogLevel { get; init; } = LogLevel.Warning;

    public bool JsonLogs { get; init; }

    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(1);
}
