using Google.Protobuf;
using Temporalio.Api.Common.V1;

namespace Durable.Protocol.Tests.Transport;

/// <summary>What every transport has to do, seen from both ends.</summary>
public abstract class RpcTransportCompliance : IAsyncLifetime
{
    /// <summary>For waits that end at once when all is well.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private RpcTransport? transport;

    protected TestService Service { get; } = new();

    protected RpcTransport Transport => transport!;

    public async ValueTask InitializeAsync() => transport = await OpenAsync(Service.Router);

    public async ValueTask DisposeAsync()
    {
        await Transport.DisposeAsync();
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(4_000_000)]
    public async Task Call_AnySize_ComesBackEqual(int size)
    {
        var request = new Payload { Data = ByteString.CopyFrom(new byte[size]) };
        request.Metadata["encoding"] = ByteString.CopyFromUtf8("binary/plain");

        (await CallAsync(TestService.Echo, request)).ShouldBe(request);
    }

    [Fact]
    public async Task Call_ManyAtOnce_EachGetsItsOwnAnswer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => CallAsync(TestService.Echo, TestService.Text($"{i}"))));

        answers.Select(static answer => answer.Data.ToStringUtf8()).ShouldBe(Enumerable.Range(0, 200).Select(static i => $"{i}"));
    }

    [Fact]
    public async Task Call_MessageChangedLater_OtherSideDoesNotSeeIt()
    {
        var request = TestService.Text("before");

        var answer = await CallAsync(TestService.Echo, request);
        request.Data = ByteString.CopyFromUtf8("caller");
        answer.Data = ByteString.CopyFromUtf8("receiver");

        Service.LastRequest!.Data.ToStringUtf8().ShouldBe("before");
    }

    [Theory]
    [InlineData("plain words")]
    [InlineData("100 % of\nlines, größer, 支払い")]
    [InlineData("")]
    public async Task Call_HandlerFaults_CodeMessageAndDetailsArrive(string message)
    {
        var fault = await FaultAsync(TestService.Fail, TestService.Text(message));

        fault.Code.ShouldBe(RpcStatusCode.FailedPrecondition);
        fault.Message.ShouldBe(message);
        fault.Details.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Call_HandlerFaultsAtLength_AllOfItArrives()
    {
        // A query's failure carries what its handler threw, stack trace and all; a message in a header is no reason to lose the code.
        var message = new string('x', 1_000_000);

        var fault = await FaultAsync(TestService.Fail, TestService.Text(message));

        fault.Code.ShouldBe(RpcStatusCode.FailedPrecondition);
        fault.Message.ShouldBe(message);
        fault.Details.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Call_HandlerCrashes_InternalWithoutItsWords()
    {
        var fault = await FaultAsync(TestService.Crash, new Payload());

        fault.Code.ShouldBe(RpcStatusCode.Internal);
        fault.Message.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task Call_UnknownMethod_UnimplementedInGrpcGosWords()
    {
        var fault = await FaultAsync(TestService.Unmapped, new Payload());

        fault.Code.ShouldBe(RpcStatusCode.Unimplemented);
        fault.Message.ShouldBe("unknown method Unmapped for service durable.test.v1.TestService");
    }

    [Fact]
    public async Task Call_UnknownService_UnimplementedInGrpcGosWords()
    {
        var fault = await FaultAsync(TestService.Elsewhere, new Payload());

        fault.Code.ShouldBe(RpcStatusCode.Unimplemented);
        fault.Message.ShouldBe("unknown service durable.test.v1.Elsewhere");
    }

    [Fact]
    public async Task Call_DeadlinePasses_BothSidesEnd()
    {
        var fault = await FaultAsync(TestService.Block, new Payload(), new RpcCallOptions(TimeSpan.FromMilliseconds(300)));

        fault.Code.ShouldBe(RpcStatusCode.DeadlineExceeded);
        // A handler that was never reached within the deadline has nothing to cancel.
        if (Service.BlockEntered.Task.IsCompleted)
        {
            await Service.BlockCancelled.Task.WaitAsync(Patience);
        }
    }

    [Fact]
    public async Task Call_CallerCancels_HandlerIsTold()
    {
        using var caller = new CancellationTokenSource();
        var call = Transport.CallAsync(TestService.Block, new Payload(), default, caller.Token);
        await Service.BlockEntered.Task.WaitAsync(Patience);

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
        await Service.BlockCancelled.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Call_CancelledBefore_NeverReachesTheHandler()
    {
        await Should.ThrowAsync<OperationCanceledException>(
            Transport.CallAsync(TestService.Echo, new Payload(), default, new CancellationToken(canceled: true)));

        Service.LastRequest.ShouldBeNull();
    }

    [Fact]
    public async Task Call_Metadata_ArrivesAsTextAndBytes()
    {
        byte[] bytes = [0, 255, 7, 128];
        var metadata = new RpcMetadata().Set("client-name", "test client").Set("trace-bin", bytes);

        await CallAsync(TestService.Echo, new Payload(), new RpcCallOptions(null, metadata));

        Service.LastCall!.Metadata.Ascii["client-name"].ShouldBe("test client");
        Service.LastCall.Metadata.Binary["trace-bin"].ShouldBe(bytes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(90)]
    [InlineData(86_400)]
    public async Task Call_Timeout_IsKnownToTheHandler(int? seconds)
    {
        TimeSpan? timeout = seconds is { } given ? TimeSpan.FromSeconds(given) : null;

        await CallAsync(TestService.Echo, new Payload(), new RpcCallOptions(timeout));

        Service.LastCall!.Timeout.ShouldBe(timeout);
    }

    protected abstract ValueTask<RpcTransport> OpenAsync(RpcRouter router);

    protected abstract ValueTask CloseAsync();

    protected Task<Payload> CallAsync(RpcMethod<Payload, Payload> method, Payload request, RpcCallOptions options = default) =>
        Transport.CallAsync(method, request, options, TestContext.Current.CancellationToken);

    protected Task<RpcFaultException> FaultAsync(RpcMethod<Payload, Payload> method, Payload request, RpcCallOptions options = default) =>
        Should.ThrowAsync<RpcFaultException>(CallAsync(method, request, options));
}
