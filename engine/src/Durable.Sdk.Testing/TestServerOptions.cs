namespace Temporalio.Testing;

/// <summary>The server of <see cref="WorkflowEnvironment.StartTimeSkippingAsync"/>.</summary>
public class TestServerOptions : ICloneable
{
    /// <summary>An executable that takes a port and serves the TestService too, to be started instead of the server in this process.</summary>
    public string? ExistingPath { get; set; }

    /// <summary>Kept for the signature: nothing is downloaded.</summary>
    public string DownloadVersion { get; set; } = "default";

    /// <inheritdoc cref="DownloadVersion"/>
    public TimeSpan? DownloadTtl { get; set; }

    /// <summary>More arguments. The server in this process takes dynamic configuration values from them.</summary>
    public IReadOnlyCollection<string>? ExtraArgs { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
