using Google.Protobuf;
using System.Net;
using System.Net.Sockets;
using Durable.Protocol.Http2;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Temporalio.Api.Common.V1;

namespace Durable.Protocol.Tests.Transport.Http2;

/// <summary>What the caller is told when the other end is absent, broken, or no gRPC server.</summary>
public sealed class GrpcClientFailureTests
{
    [Fact]
    public async Task Call_NobodyListens_IsUnavailable()
    {
        // Bound and deaf: a port that is free could be somebody's by the time of the call.
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        (await FaultAsync(deaf.LocalEndPoint!.ToString()!)).Code.ShouldBe(RpcStatusCode.Unavailable);
    }

    [Theory]
    [InlineData(400, RpcStatusCode.Internal)]
    [InlineData(401, RpcStatusCode.Unauthenticated)]
    [InlineData(403, RpcStatusCode.PermissionDenied)]
    [InlineData(404, RpcStatusCode.Unimplemented)]
    [InlineData(418, RpcStatusCode.Unknown)]
    [InlineData(429, RpcStatusCode.Unavailable)]
    [InlineData(500, RpcStatusCode.Unknown)]
    [InlineData(502, RpcStatusCode.Unavailable)]
    [InlineData(503, RpcStatusCode.Unavailable)]
    [InlineData(504, RpcStatusCode.Unavailable)]
    public async Task Call_HttpStatusWithoutGrpcStatus_IsMappedAsGrpcSays(int status, RpcStatusCode expected)
    {
        await using var server = await TestServer.StartAsync(app => app.Run(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("<html/>");
        }));

        (await FaultAsync(server.Target)).Code.ShouldBe(expected);
    }

    [Fact]
    public async Task Call_AnswerIsHtml_IsUnknown()
    {
        await using var server = await TestServer.StartAsync(app => app.Run(context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<html/>");
        }));

        (await FaultAsync(server.Target)).Code.ShouldBe(RpcStatusCode.Unknown);
    }

    [Fact]
    public async Task Call_AnswerEndsWithoutStatus_IsInternal()
    {
        await using var server = await TestServer.StartAsync(app => app.Run(context =>
        {
            context.Response.ContentType = "application/grpc";
            return context.Response.Body.WriteAsync(GrpcFrame.Write(new Payload())).AsTask();
        }));

        (await FaultAsync(server.Target)).Code.ShouldBe(RpcStatusCode.Internal);
    }

    [Fact]
    public async Task Call_AnswerLargerThanLimit_IsResourceExhausted()
    {
        await using var server = await TestServer.StartAsync(new TestService().Router);

        var fault = await FaultAsync(server.Target, TestService.Text(new string('x', 2000)), maximumReceiveBytes: 1000);

        fault.Code.ShouldBe(RpcStatusCode.ResourceExhausted);
        fault.Message.ShouldBe("grpc: received message larger than max (2003 vs. 1000)");
    }

    [Theory]
    // RST_STREAM with an error code.
    [InlineData(3, 0x8, RpcStatusCode.Cancelled)]
    [InlineData(3, 0xb, RpcStatusCode.ResourceExhausted)]
    [InlineData(3, 0x2, RpcStatusCode.Unavailable)]
    // GOAWAY that had taken the request.
    [InlineData(7, 0x2, RpcStatusCode.Unavailable)]
    // A frame type that nobody knows, then the end of the connection.
    [InlineData(0x42, 0, RpcStatusCode.Unavailable)]
    public async Task Call_PeerBreaksTheStream_CodeSaysHow(byte frame, byte code, RpcStatusCode expected)
    {
        var answer = frame == 7 ? ScriptedPeer.Frame(7, 0, 0, 0, 0, 0, 1, 0, 0, 0, code) : ScriptedPeer.Frame(frame, 0, 1, 0, 0, 0, code);
        await using var peer = new ScriptedPeer(answer);

        (await FaultAsync(peer.Target)).Code.ShouldBe(expected);
    }

    [Theory]
    [InlineData(0x8)]
    [InlineData(0xb)]
    [InlineData(0x2)]
    public async Task Call_StreamResetWhileTheRequestIsStillSent_IsNoTimeout(byte code)
    {
        // More than the peer's window takes: the client is in the middle of its message.
        await using var peer = new ScriptedPeer(ScriptedPeer.Frame(3, 0, 1, 0, 0, 0, code), early: true);
        var request = new Payload { Data = ByteString.CopyFrom(new byte[1 << 20]) };

        (await FaultAsync(peer.Target, request)).Code.ShouldBeOneOf(RpcStatusCode.Unavailable, RpcStatusCode.Cancelled, RpcStatusCode.ResourceExhausted);
    }

    private static async Task<RpcFaultException> FaultAsync(string target, Payload? request = null, int maximumReceiveBytes = 1 << 20)
    {
        await using var transport = new GrpcClientTransport(new GrpcClientOptions { Target = target, MaximumReceiveBytes = maximumReceiveBytes });
        return await Should.ThrowAsync<RpcFaultException>(
            transport.CallAsync(TestService.Echo, request ?? new Payload(), new RpcCallOptions(TimeSpan.FromSeconds(60)), TestContext.Current.CancellationToken));
    }
}
