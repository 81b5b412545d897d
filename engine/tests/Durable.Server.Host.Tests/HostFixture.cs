using Durable.Protocol;
using Durable.Protocol.Http2;
using Google.Protobuf;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Host.Tests;

/// <summary>A host on free ports in this process, with a client on it.</summary>
public sealed class HostFixture : IAsyncDisposable
{
    private HostFixture(ServerHost host)
    {
        Host = host;
        Client = Connect();
    }

    public ServerHost Host { get; }

    public RpcTransport Client { get; }

    public Uri Web => new($"http://127.0.0.1:{Host.UiPort}");

    public static async Task<HostFixture> StartAsync(Func<ServerHostOptions, ServerHostOptions>? configure = null)
    {
        var options = new ServerHostOptions { Port = 0, UiPort = 0 };
        return new HostFixture(await ServerHost.StartAsync(configure?.Invoke(options) ?? options, TestContext.Current.CancellationToken));
    }

    public RpcTransport Connect() => new GrpcClientTransport(new GrpcClientOptions { Target = $"127.0.0.1:{Host.Port}" });

    public Task<TResponse> CallAsync<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, TRequest request, TimeSpan? timeout = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
        => Client.CallAsync(method, request, new RpcCallOptions(timeout ?? TimeSpan.FromSeconds(60)), TestContext.Current.CancellationToken);

    public Task<StartWorkflowExecutionResponse> StartWorkflowAsync(string workflowId, string type = "test", byte[]? input = null) => CallAsync(
        WorkflowServiceMethods.StartWorkflowExecution,
        new StartWorkflowExecutionRequest
        {
            Namespace = "default",
            WorkflowId = workflowId,
            WorkflowType = new() { Name = type },
            TaskQueue = new() { Name = "queue" },
            RequestId = Guid.NewGuid().ToString(),
            Input = input is null ? null : new() { Payloads_ = { new Temporalio.Api.Common.V1.Payload { Data = ByteString.CopyFrom(input) } } },
        });

    /// <summary>Returns when so many workers, by identity, poll the queue.</summary>
    public async Task UntilPolledByAsync(int workers, string queue = "queue", TaskQueueType type = TaskQueueType.Workflow)
    {
        var request = new DescribeTaskQueueRequest { Namespace = "default", TaskQueue = new() { Name = queue }, TaskQueueType = type };
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await CallAsync(WorkflowServiceMethods.DescribeTaskQueue, request)).Pollers.Count < workers)
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    /// <summary>Another client, on a connection of its own, is served as if nothing were.</summary>
    public async Task ShouldServeOthersAsync()
    {
        await using var other = Connect();
        var options = new RpcCallOptions(TimeSpan.FromSeconds(60));
        await other.CallAsync(WorkflowServiceMethods.GetSystemInfo, new GetSystemInfoRequest(), options, TestContext.Current.CancellationToken);
        (await StartWorkflowAsync(Guid.NewGuid().ToString())).RunId.ShouldNotBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Host.DisposeAsync();
    }
}
