using Durable.Protocol;
using Durable.Protocol.InProcess;
using Durable.Server.Storage;
using Durable.Server.Time;
using Google.Protobuf;

namespace Durable.Server.Tests.Recorded;

/// <summary>A server in memory with a clock that stands at the pace of the real one until somebody lets it jump.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly VirtualClock clock = new();
    private DurableServer server = null!;
    private InProcessTransport transport = null!;

    public static async Task<ServerUnderTest> StartAsync()
    {
        var under = new ServerUnderTest();
        under.server = await DurableServer.StartAsync(new DurableServerOptions { Store = new MemoryStore(), Clock = under.clock, TimeSkipping = under.clock });
        under.transport = new InProcessTransport(under.server.Router);
        return under;
    }

    public Task<TResponse> CallAsync<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, TRequest request, TimeSpan? timeout = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
        => transport.CallAsync(method, request, new RpcCallOptions(timeout ?? TimeSpan.FromSeconds(30)), CancellationToken.None);

    /// <summary>A call of the WorkflowService by its name.</summary>
    public Task<IMessage> CallAsync(string method, IMessage request) => server.Router.Find($"/{WorkflowServiceMethods.Service}/{method}")
        .InvokeAsync(request.ToByteArray(), new RpcServerCall(RpcMetadata.Empty, TimeSpan.FromSeconds(30), CancellationToken.None));

    /// <summary>Time jumps from timer to timer until <paramref name="wait"/> is over.</summary>
    public async Task<T> WhileTimeJumpsAsync<T>(Func<Task<T>> wait)
    {
        clock.TryUnlockSkipping().ShouldBeTrue();
        try
        {
            return await wait();
        }
        finally
        {
            clock.LockSkipping();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await transport.DisposeAsync();
        await server.DisposeAsync();
        clock.Dispose();
    }
}
