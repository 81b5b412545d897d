using Temporalio.Client;
using Temporalio.Common;

namespace Temporalio.Testing;

/// <summary>The client's options, and what the server shall be like.</summary>
public class WorkflowEnvironmentStartLocalOptions : TemporalClientConnectOptions
{
    /// <summary>Where an executable puts its downloads; the server in this process needs none.</summary>
    public string? DownloadDirectory { get; set; }

    /// <summary>Whether an executable shows its web pages. Default false.</summary>
    public bool UI { get; set; }

    /// <summary>0: the executable's choice.</summary>
    public int UIPort { get; set; }

    /// <summary>Registered before the first call.</summary>
    public IReadOnlyCollection<SearchAttributeKey>? SearchAttributes { get; set; }

    public DevServerOptions DevServerOptions { get; set; } = new();

    /// <inheritdoc/>
    public override object Clone()
    {
        var copy = (WorkflowEnvironmentStartLocalOptions)base.Clone();
        copy.DevServerOptions = (DevServerOptions)DevServerOptions.Clone();
        return copy;
    }
}
