using Durable.Protocol.InProcess;
using Temporalio.Api.Common.V1;

namespace Durable.Protocol.Tests.Transport.InProcess;

public sealed class InProcessTransportTests : RpcTransportCompliance
{
    [Fact]
    public async Task Call_AfterDispose_IsUnavailable()
    {
        await Transport.DisposeAsync();

        (await FaultAsync(TestService.Echo, new Payload())).Code.ShouldBe(RpcStatusCode.Unavailable);
    }

    [Fact]
    public async Task Dispose_CallInFlight_EndsItAsUnavailable()
    {
        var call = FaultAsync(TestService.Block, new Payload());
        await Service.BlockEntered.Task.WaitAsync(TestContext.Current.CancellationToken);

        await Transport.DisposeAsync();

        (await call).Code.ShouldBe(RpcStatusCode.Unavailable);
        await Service.BlockCancelled.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    protected override ValueTask<RpcTransport> OpenAsync(RpcRouter router) => new(new InProcessTransport(router));

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;
}
