using Durable.Protocol;
using Durable.Protocol.InProcess;
using Durable.Server.Storage;
using Durable.Server.Time;
using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Engine;

/// <summary>A whole server without a network, and the calls that clients and workers make on it.</summary>
public sealed class TestServer : IAsyncDisposable
{
    public const string Namespace = "default";
    public const string Queue = "queue";

    private readonly DurableServer server;
    private readonly InProcessTransport transport;

    private TestServer(DurableServer server)
    {
        this.server = server;
        transport = new InProcessTransport(server.Router);
    }

    public static async Task<TestServer> StartAsync(
        IServerStore? store = null, VirtualClock? virtualClock = null, TimeProvider? clock = null, Func<DurableServerOptions, DurableServerOptions>? configure = null)
    {
        var options = new DurableServerOptions { Store = store ?? new MemoryStore(), Clock = virtualClock ?? clock ?? TimeProvider.System };
        if (virtualClock is not null)
        {
            options = options with { TimeSkipping = virtualClock };
        }
        return new TestServer(await DurableServer.StartAsync(configure?.Invoke(options) ?? options));
    }

    public Task<TResponse> CallAsync<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, TRequest request, TimeSpan? timeout = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
        => transport.CallAsync(method, request, new RpcCallOptions(timeout ?? TimeSpan.FromSeconds(60)), TestContext.Current.CancellationToken);

    /// <summary>
    /// The same call on this thread: when this returns, the call has ended or has come to where it waits for somebody. So that with a store that answers at
    /// once, a test knows how far a call has come.
    /// </summary>
    /// <param name="timeout">What the server is told; nobody hangs up when that is over.</param>
    public Task<TResponse> BeginAsync<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, TRequest request, TimeSpan? timeout = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
        => ((RpcRoute<TRequest, TResponse>)server.Router.Find(method.Path)).Handler(
            request, new RpcServerCall(RpcMetadata.Empty, timeout, TestContext.Current.CancellationToken));

    public Task<StartWorkflowExecutionResponse> StartAsync(string workflowId, string? requestId = null, Action<StartWorkflowExecutionRequest>? configure = null)
    {
        var request = new StartWorkflowExecutionRequest
        {
            Namespace = Namespace,
            WorkflowId = workflowId,
            WorkflowType = new() { Name = "test" },
            TaskQueue = new() { Name = Queue },
            RequestId = requestId ?? Guid.NewGuid().ToString(),
            Identity = "client",
        };
        configure?.Invoke(request);
        return CallAsync(WorkflowServiceMethods.StartWorkflowExecution, request);
    }

    public Task SignalAsync(string workflowId, string name, string? requestId = null, string runId = "") =>
        CallAsync(WorkflowServiceMethods.SignalWorkflowExecution, Signal(workflowId, name, requestId, runId));

    /// <inheritdoc cref="BeginAsync"/>
    public Task BeginSignalAsync(string workflowId, string name) => BeginAsync(WorkflowServiceMethods.SignalWorkflowExecution, Signal(workflowId, name));

    /// <summary>The next workflow task; null when none came within <paramref name="wait"/> (default: as long as it takes).</summary>
    public async Task<PollWorkflowTaskQueueResponse?> PollAsync(TimeSpan? wait = null)
    {
        var task = await PollAsync(
            WorkflowServiceMethods.PollWorkflowTaskQueue,
            new PollWorkflowTaskQueueRequest { Namespace = Namespace, TaskQueue = new() { Name = Queue }, Identity = "worker" },
            wait);
        return task.TaskToken.IsEmpty ? null : task;
    }

    /// <summary>The next workflow task of one workflow; those of others are completed without commands.</summary>
    public async Task<PollWorkflowTaskQueueResponse> PollForAsync(string workflowId)
    {
        while (true)
        {
            var task = (await PollAsync()).ShouldNotBeNull();
            if (task.WorkflowExecution.WorkflowId == workflowId)
            {
                return task;
            }
            await CompleteAsync(task);
        }
    }

    public async Task<PollActivityTaskQueueResponse?> PollActivityAsync(TimeSpan? wait = null)
    {
        var task = await PollAsync(
            WorkflowServiceMethods.PollActivityTaskQueue,
            new PollActivityTaskQueueRequest { Namespace = Namespace, TaskQueue = new() { Name = Queue }, Identity = "worker" },
            wait);
        return task.TaskToken.IsEmpty ? null : task;
    }

    /// <summary>A poll that the server answers when <paramref name="wait"/> is over: a second before the time of its caller, who is patient.</summary>
    public Task<TResponse> PollAsync<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, TRequest request, TimeSpan? wait)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
        => wait is { } time
            ? BeginAsync(method, request, time + TimeSpan.FromSeconds(1)).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
            : CallAsync(method, request, TimeSpan.FromSeconds(59));

    public Task<RespondWorkflowTaskCompletedResponse> CompleteAsync(PollWorkflowTaskQueueResponse task, params Command[] commands)
    {
        var request = new RespondWorkflowTaskCompletedRequest { Namespace = Namespace, TaskToken = task.TaskToken, Identity = "worker" };
        request.Commands.AddRange(commands);
        return CallAsync(WorkflowServiceMethods.RespondWorkflowTaskCompleted, request);
    }

    public Task CompleteActivityAsync(PollActivityTaskQueueResponse task, Temporalio.Api.Common.V1.Payloads? result = null) => CallAsync(
        WorkflowServiceMethods.RespondActivityTaskCompleted,
        new RespondActivityTaskCompletedRequest { Namespace = Namespace, TaskToken = task.TaskToken, Identity = "worker", Result = result });

    public async Task<IReadOnlyList<HistoryEvent>> HistoryAsync(string workflowId, string runId = "")
    {
        var events = new List<HistoryEvent>();
        var request = new GetWorkflowExecutionHistoryRequest { Namespace = Namespace, Execution = new() { WorkflowId = workflowId, RunId = runId } };
        do
        {
            var page = await CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, request);
            events.AddRange(page.History.Events);
            request.NextPageToken = page.NextPageToken;
        }
        while (!request.NextPageToken.IsEmpty);
        return events;
    }

    public Task<DescribeWorkflowExecutionResponse> DescribeAsync(string workflowId, string runId = "") => CallAsync(
        WorkflowServiceMethods.DescribeWorkflowExecution,
        new DescribeWorkflowExecutionRequest { Namespace = Namespace, Execution = new() { WorkflowId = workflowId, RunId = runId } });

    private static SignalWorkflowExecutionRequest Signal(string workflowId, string name, string? requestId = null, string runId = "") => new()
    {
        Namespace = Namespace,
        WorkflowExecution = new() { WorkflowId = workflowId, RunId = runId },
        SignalName = name,
        RequestId = requestId ?? Guid.NewGuid().ToString(),
    };

    public async ValueTask DisposeAsync()
    {
        await transport.DisposeAsync();
        await server.DisposeAsync();
    }
}
