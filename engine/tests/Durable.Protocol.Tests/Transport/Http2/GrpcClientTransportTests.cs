using Durable.Protocol.Http2;

namespace Durable.Protocol.Tests.Transport.Http2;

public class GrpcClientTransportTests : RpcTransportCompliance
{
    private TestServer? server;

    protected virtual bool SendGzip => false;

    protected override async ValueTask<RpcTransport> OpenAsync(RpcRouter router)
    {
        server = await TestServer.StartAsync(router);
        return new GrpcClientTransport(new GrpcClientOptions { Target = server.Target, SendGzip = SendGzip });
    }

    protected override ValueTask CloseAsync() => server!.DisposeAsync();
}

public sealed class GrpcClientTransportGzipTests : GrpcClientTransportTests
{
    protected override bool SendGzip => true;
}
