using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;

namespace Durable.Protocol.Tests.Transport;

/// <summary>A service whose methods each do one thing that a transport has to carry.</summary>
public sealed class TestService
{
    private const string Name = "durable.test.v1.TestService";

    public TestService()
    {
        Router = new RpcRouter()
            .Map(Echo, (request, call) =>
            {
                LastRequest = request;
                LastCall = call;
                return Task.FromResult(request);
            })
            .Map(Fail, (request, _) =>
                throw new RpcFaultException(RpcStatusCode.FailedPrecondition, request.Data.ToStringUtf8(), Any.Pack(request), Any.Pack(new Empty())))
            .Map(Crash, (_, _) => throw new InvalidOperationException("the password is hunter2"))
            .Map(Block, async (_, call) =>
            {
                BlockEntered.TrySetResult();
                using var registration = call.CancellationToken.Register(() => BlockCancelled.TrySetResult());
                await Task.Delay(System.Threading.Timeout.Infinite, call.CancellationToken);
                return new Payload();
            });
    }

    public static RpcMethod<Payload, Payload> Echo { get; } = Method(nameof(Echo));

    public static RpcMethod<Payload, Payload> Fail { get; } = Method(nameof(Fail));

    public static RpcMethod<Payload, Payload> Crash { get; } = Method(nameof(Crash));

    public static RpcMethod<Payload, Payload> Block { get; } = Method(nameof(Block));

    public static RpcMethod<Payload, Payload> Unmapped { get; } = Method(nameof(Unmapped));

    public static RpcMethod<Payload, Payload> Elsewhere { get; } = new("durable.test.v1.Elsewhere", "Echo", static () => Payload.Parser, static () => Payload.Parser);

    public RpcRouter Router { get; }

    public Payload? LastRequest { get; private set; }

    public RpcServerCall? LastCall { get; private set; }

    public TaskCompletionSource BlockEntered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource BlockCancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static Payload Text(string text) => new() { Data = ByteString.CopyFromUtf8(text) };

    private static RpcMethod<Payload, Payload> Method(string method) => new(Name, method, static () => Payload.Parser, static () => Payload.Parser);
}
