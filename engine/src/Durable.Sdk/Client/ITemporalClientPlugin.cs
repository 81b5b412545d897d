namespace Temporalio.Client;

/// <summary>Changes how clients are set up and connected. One that is a worker plugin too also serves the workers of the client.</summary>
public interface ITemporalClientPlugin
{
    string Name { get; }

    /// <summary>Called once by the constructor of the client, on its own copy of the options.</summary>
    void ConfigureClient(TemporalClientOptions options);

    /// <summary>Wraps the connection; call <paramref name="continuation"/> to go on. Not called for lazy clients.</summary>
    Task<TemporalConnection> ConnectAsync(
        TemporalClientConnectOptions options, Func<TemporalClientConnectOptions, Task<TemporalConnection>> continuation);
}
