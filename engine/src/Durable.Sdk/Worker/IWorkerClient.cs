using Temporalio.Client;

namespace Temporalio.Worker;

/// <summary>A client that a worker can work with; every <see cref="ITemporalClient"/> is one.</summary>
public interface IWorkerClient
{
    TemporalClientOptions Options { get; }

    /// <summary>Leads to the connection.</summary>
    IBridgeClientProvider BridgeClientProvider { get; }
}
