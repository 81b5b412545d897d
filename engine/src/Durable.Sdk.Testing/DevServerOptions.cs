namespace Temporalio.Testing;

/// <summary>The server of <see cref="WorkflowEnvironment.StartLocalAsync"/>.</summary>
public class DevServerOptions : ICloneable
{
    /// <summary>An executable with the command line of <c>temporal server start-dev</c>, to be started instead of the server in this process.</summary>
    public string? ExistingPath { get; set; }

    /// <summary>A SQLite file to keep everything in; null: memory.</summary>
    public string? DatabaseFilename { get; set; }

    /// <summary>Of an executable's log.</summary>
    public string LogFormat { get; set; } = "pretty";

    /// <summary>Of an executable's log.</summary>
    public string LogLevel { get; set; } = "warn";

    /// <summary>Kept for the signature: nothing is downloaded.</summary>
    public string DownloadVersion { get; set; } = "default";

    /// <inheritdoc cref="DownloadVersion"/>
    public TimeSpan? DownloadTtl { get; set; }

    /// <summary>More arguments. The server in this process takes namespaces, search attributes, the database's file and dynamic configuration values from them.</summary>
    public IReadOnlyCollection<string>? ExtraArgs { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
