using Durable.Protocol.InProcess;
using Durable.Server;
using Durable.Server.Sqlite;
using Durable.Server.Storage;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Client.Internal;

namespace Temporalio.Testing.Internal;

/// <summary>On a server of this process.</summary>
internal class InProcessEnvironment : WorkflowEnvironment
{
    private readonly DurableServer server;
    private readonly string target;

    protected InProcessEnvironment(ITemporalClient client, DurableServer server)
        : base(client)
    {
        this.server = server;
        target = client.Connection.Options.TargetHost!;
    }

    public static async Task<WorkflowEnvironment> StartAsync(WorkflowEnvironmentStartLocalOptions options)
    {
        var arguments = ServerArguments.Parse(options.DevServerOptions.ExtraArgs);
        IServerStore store = (options.DevServerOptions.DatabaseFilename ?? arguments.DatabaseFilename) is { } file ? SqliteStore.Open(file) : new MemoryStore();
        IReadOnlyList<string> namespaces = [options.Namespace, .. arguments.Namespaces];
        var server = await DurableServer.StartAsync(
            new() { Store = store, Namespaces = namespaces, Limits = arguments.Limits, LoggerFactory = options.LoggerFactory }).ConfigureAwait(false);
        KeyValuePair<string, IndexedValueType>[] attributes =
            [.. options.SearchAttributes?.Select(static key => KeyValuePair.Create(key.Name, key.ValueType)) ?? [], .. arguments.SearchAttributes];
        foreach (var target in attributes.Length > 0 ? namespaces : [])
        {
            await server.Namespaces.AddAttributesAsync(target, attributes).ConfigureAwait(false);
        }
        return new InProcessEnvironment(await ConnectAsync(server, options).ConfigureAwait(false), server);
    }

    public override async Task ShutdownAsync()
    {
        InProcessTargets.Remove(target);
        await server.DisposeAsync().ConfigureAwait(false);
    }

    protected static async Task<ITemporalClient> ConnectAsync(DurableServer server, TemporalClientConnectOptions options)
    {
        // No port is open; the name is good in this process.
        options.TargetHost = InProcessTargets.Add(() => new InProcessTransport(server.Router));
        var connection = TemporalConnection.Over(new InProcessTransport(server.Router), options);
        await connection.ConnectAsync().ConfigureAwait(false);
        return new TemporalClient(connection, options.ToClientOptions());
    }
}
