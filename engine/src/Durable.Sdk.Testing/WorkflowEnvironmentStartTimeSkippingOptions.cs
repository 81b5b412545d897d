using Temporalio.Client;

namespace Temporalio.Testing;

/// <summary>The client's options, and what the server shall be like.</summary>
public class WorkflowEnvironmentStartTimeSkippingOptions : TemporalClientConnectOptions
{
    /// <summary>Where an executable puts its downloads; the server in this process needs none.</summary>
    public string? DownloadDirectory { get; set; }

    public TestServerOptions TestServer { get; set; } = new();

    /// <inheritdoc/>
    public override object Clone()
    {
        var copy = (WorkflowEnvironmentStartTimeSkippingOptions)base.Clone();
        copy.TestServer = (TestServerOptions)TestServer.Clone();
        return copy;
    }
}
