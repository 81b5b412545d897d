using System.Runtime.InteropServices;
using Durable.Protocol;
using Durable.Protocol.Http2;
using Google.Protobuf;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Internal;
using Temporalio.Exceptions;
using Temporalio.Runtime;

namespace Temporalio.Client;

/// <summary>A connection over gRPC, with the official SDK's deadlines and retries.</summary>
public sealed class TemporalConnection : ITemporalConnection
{
    private readonly RpcTransport transport;
    private readonly RpcRetries retries;
    private readonly RpcMetrics metrics;
    private readonly SemaphoreSlim connecting = new(1, 1);
    private volatile bool connected;
    private Durable.Protocol.RpcMetadata metadata = Durable.Protocol.RpcMetadata.Empty;
    private string? apiKey;
    private IReadOnlyCollection<KeyValuePair<string, string>> rpcMetadata;
    private IReadOnlyCollection<KeyValuePair<string, byte[]>> rpcBinaryMetadata;

    private TemporalConnection(TemporalConnectionOptions options, RpcTransport transport)
    {
        Options = options;
        options.Identity ??= $"{Environment.ProcessId}@{Environment.MachineName}";
        this.transport = transport;
        retries = new RpcRetries(options.RpcRetry ?? new());
        metrics = new RpcMetrics((options.Runtime ?? TemporalRuntime.Default).Metrics);
        apiKey = options.ApiKey;
        rpcMetadata = [.. options.RpcMetadata ?? []];
        rpcBinaryMetadata = [.. options.RpcBinaryMetadata ?? []];
        RefreshMetadata();
        WorkflowService = new WorkflowService.Core(this);
        OperatorService = new OperatorService.Core(this);
        TestService = new TestService.Core(this);
    }

    public string? ApiKey
    {
        get => apiKey;
        set
        {
            RequireConnected("API key");
            apiKey = value;
            RefreshMetadata();
        }
    }

    public IReadOnlyCollection<KeyValuePair<string, string>> RpcMetadata
    {
        get => rpcMetadata;
        set
        {
            RequireConnected("RPC metadata");
            rpcMetadata = [.. value];
            RefreshMetadata();
        }
    }

    public IReadOnlyCollection<KeyValuePair<string, byte[]>> RpcBinaryMetadata
    {
        get => rpcBinaryMetadata;
        set
        {
            RequireConnected("RPC metadata");
            rpcBinaryMetadata = [.. value];
            RefreshMetadata();
        }
    }

    public WorkflowService WorkflowService { get; }

    public OperatorService OperatorService { get; }

    public TestService TestService { get; }

    public TemporalConnectionOptions Options { get; }

    public bool IsConnected => connected;

    public SafeHandle? BridgeClient => null;

    internal EagerWorkers EagerWorkers { get; } = new();

    /// <exception cref="InvalidOperationException">The server cannot be reached, or refused.</exception>
    public static async Task<TemporalConnection> ConnectAsync(TemporalConnectionOptions options)
    {
        var connection = CreateLazy(options);
        await connection.ConnectAsync().ConfigureAwait(false);
        return connection;
    }

    /// <summary>A connection that is made by the first call.</summary>
    public static TemporalConnection CreateLazy(TemporalConnectionOptions options) => new(options, TransportFactory.Create(options));

    /// <summary>A connection over a transport that is there already, in the same process for example.</summary>
    internal static TemporalConnection Over(RpcTransport transport, TemporalConnectionOptions options) => new(options, transport) { connected = true };

    public async Task ConnectAsync()
    {
        if (connected)
        {
            return;
        }
        await connecting.WaitAsync().ConfigureAwait(false);
        try
        {
            if (connected)
            {
                return;
            }
            try
            {
                await CallAsync(WorkflowServiceMethods.Service, "GetSystemInfo", new GetSystemInfoRequest(), GetSystemInfoResponse.Parser, ClientRoot.Retried(null)).ConfigureAwait(false);
            }
            catch (RpcException fault) when (fault.Code == RpcException.StatusCode.Unimplemented)
            {
                // A server older than this call.
            }
            catch (RpcException fault)
            {
                throw new InvalidOperationException($"Connection failed: {fault.Message}", fault);
            }
            connected = true;
        }
        finally
        {
            connecting.Release();
        }
    }

    public async Task<bool> CheckHealthAsync(RpcService? service = null, RpcOptions? options = null)
    {
        var name = service switch
        {
            Client.OperatorService => OperatorServiceMethods.Service,
            Client.TestService => TestServiceMethods.Service,
            _ => WorkflowServiceMethods.Service,
        };
        if (!connected)
        {
            await ConnectAsync().WaitAsync(options?.CancellationToken ?? CancellationToken.None).ConfigureAwait(false);
        }
        var answer = await CallAsync(
            HealthMethods.Service, nameof(HealthMethods.Check), new Grpc.Health.V1.HealthCheckRequest { Service = name }, Grpc.Health.V1.HealthCheckResponse.Parser, options).ConfigureAwait(false);
        return answer.Status == Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.Serving;
    }

    internal async Task<T> InvokeRpcAsync<T>(string service, string rpc, IMessage request, MessageParser<T> parser, RpcOptions? options)
        where T : IMessage<T>
    {
        if (!connected)
        {
            // Whoever goes away leaves the connecting to the others that wait for it.
            await ConnectAsync().WaitAsync(options?.CancellationToken ?? CancellationToken.None).ConfigureAwait(false);
        }
        return await CallAsync(service, rpc, request, parser, options).ConfigureAwait(false);
    }

    internal ValueTask CloseAsync() => transport.DisposeAsync();

    private Task<T> CallAsync<T>(string service, string rpc, IMessage request, MessageParser<T> parser, RpcOptions? options)
        where T : IMessage<T>
    {
        var call = new RpcCallOptions(options?.Timeout ?? Deadlines.Of(rpc, request), MetadataOf(options));
        var token = options?.CancellationToken ?? CancellationToken.None;
        return retries.RunAsync(
            rpc,
            options?.Retry ?? false,
            () => metrics.MeasureAsync(rpc, request, () => UntypedCalls.CallAsync<T>(transport, service, rpc, request, call, token)),
            token);
    }

    private Durable.Protocol.RpcMetadata MetadataOf(RpcOptions? options)
    {
        if (options?.Metadata is null && options?.BinaryMetadata is null)
        {
            return metadata;
        }
        var own = Fill(new Durable.Protocol.RpcMetadata());
        foreach (var (name, value) in options.Metadata ?? [])
        {
            own.Set(name, value);
        }
        foreach (var (name, value) in options.BinaryMetadata ?? [])
        {
            own.Set(name, value);
        }
        return own;
    }

    private void RequireConnected(string what)
    {
        if (!connected)
        {
            throw new InvalidOperationException($"Cannot set {what} if client never connected");
        }
    }

    private void RefreshMetadata() => metadata = Fill(new Durable.Protocol.RpcMetadata());

    private Durable.Protocol.RpcMetadata Fill(Durable.Protocol.RpcMetadata target)
    {
        target.Set("client-name", "temporal-dotnet").Set("client-version", "1.14.1.0");
        if (!string.IsNullOrEmpty(apiKey))
        {
            target.Set("authorization", $"Bearer {apiKey}");
        }
        foreach (var (name, value) in rpcMetadata)
        {
            target.Set(name, value);
        }
        foreach (var (name, value) in rpcBinaryMetadata)
        {
            target.Set(name, value);
        }
        return target;
    }
}
