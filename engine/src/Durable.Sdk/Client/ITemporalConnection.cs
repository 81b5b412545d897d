namespace Temporalio.Client;

/// <summary>A connection to a server; thread-safe, shared by clients and workers.</summary>
public interface ITemporalConnection : IBridgeClientProvider
{
    /// <summary>Sent as bearer token unless the metadata has an authorization; may be changed once connected.</summary>
    string? ApiKey { get; set; }

    IReadOnlyCollection<KeyValuePair<string, string>> RpcMetadata { get; set; }

    IReadOnlyCollection<KeyValuePair<string, byte[]>> RpcBinaryMetadata { get; set; }

    WorkflowService WorkflowService { get; }

    OperatorService OperatorService { get; }

    TestService TestService { get; }

    TemporalConnectionOptions Options { get; }

    bool IsConnected { get; }

    /// <summary>Asks the server for its health; false when it says that it does not serve.</summary>
    Task<bool> CheckHealthAsync(RpcService? service = null, RpcOptions? options = null);

    /// <summary>Connects a lazy connection; a connected one does nothing.</summary>
    Task ConnectAsync();
}
