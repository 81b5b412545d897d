using Durable.Protocol;
using Durable.Protocol.InProcess;
using Durable.Server.Storage;
using Durable.Server.Time;
using Google.Protobuf;

namespace Durable.Server.Tests.Recorded;

/// <summary>
/// A server in memory with a clock that stands while client and workers act, however slow the machine is, and jumps while they wait for the server.
/// </summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly HaltingClock pace = new();
    private readonly VirtualClock clock;
    private DurableServer server = null!;
    private InProcessTransport transport = null!;

    private ServerUnderTest() => clock = new VirtualClock(pace);

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

    /// <summary>A call of the WorkflowService by its name. Its time is known to the server, and nobody hangs up when that is over.</summary>
    public Task<IMessage> CallAsync(string method, IMessage request, TimeSpan? timeout = null) => server.Router.Find($"/{WorkflowServiceMethods.Service}/{method}")
        .InvokeAsync(request.ToByteArray(), new RpcServerCall(RpcMetadata.Empty, timeout ?? TimeSpan.FromSeconds(30), CancellationToken.None));

    /// <summary>Time jumps from timer to timer until <paramref name="wait"/> is over.</summary>
    /// <param name="goes">Whether it also passes by itself: it never jumps over the time-out of an activity.</param>
    public async Task<T> WhileTimeJumpsAsync<T>(Func<Task<T>> wait, bool goes = false)
    {
        if (goes)
        {
            pace.Go();
        }
        clock.TryUnlockSkipping().ShouldBeTrue();
        try
        {
            return await wait();
        }
        finally
        {
            clock.LockSkipping();
            pace.Halt();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await transport.DisposeAsync();
        await server.DisposeAsync();
        clock.Dispose();
    }

    /// <summary>Goes at the pace of the real one, or stands.</summary>
    private sealed class HaltingClock : TimeProvider
    {
        private readonly Lock sync = new();
        private DateTimeOffset shown = System.GetUtcNow();
        private long? since;

        public override DateTimeOffset GetUtcNow()
        {
            lock (sync)
            {
                return since is { } began ? shown + System.GetElapsedTime(began) : shown;
            }
        }

        public void Go()
        {
            lock (sync)
            {
                since ??= System.GetTimestamp();
            }
        }

        public void Halt()
        {
            lock (sync)
            {
                shown = GetUtcNow();
                since = null;
            }
        }
    }
}
