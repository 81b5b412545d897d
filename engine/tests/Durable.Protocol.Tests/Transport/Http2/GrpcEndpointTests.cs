using System.Net;
using System.Net.Http.Headers;
using Durable.Protocol.Http2;
using Durable.Server.Host.Grpc;
using Temporalio.Api.Common.V1;

namespace Durable.Protocol.Tests.Transport.Http2;

/// <summary>The server's end, spoken to in bytes.</summary>
public sealed class GrpcEndpointTests : IAsyncLifetime
{
    private const int Limit = 4 * 1024 * 1024;

    private readonly TestService service = new();
    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false })
    {
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private TestServer? server;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync(service.Router, new GrpcEndpointOptions(Limit));

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server!.DisposeAsync();
    }

    public static TheoryData<string, byte[], string?, string?, int> Bodies => new()
    {
        { "empty body", [], null, null, 13 },
        { "half a prefix", [0, 0, 0], null, null, 13 },
        { "less than announced", [0, 0, 0, 0, 9, 1], null, null, 13 },
        { "unknown flag", [7, 0, 0, 0, 0], null, null, 13 },
        { "compressed without encoding", [1, 0, 0, 0, 0], null, null, 13 },
        { "compressed but no gzip", [1, 0, 0, 0, 3, 1, 2, 3], "gzip", null, 13 },
        { "half of what was compressed", HalfOf(TestService.Text(new string('x', 100))), "gzip", null, 13 },
        { "no protobuf", [0, 0, 0, 0, 3, 255, 255, 255], null, null, 13 },
        { "a second message", [.. GrpcFrame.Write(new Payload()), .. GrpcFrame.Write(new Payload())], null, null, 13 },
        { "a byte too many", [.. GrpcFrame.Write(new Payload()), 0], null, null, 13 },
        { "a key that is no UTF-8", Message(0x0A, 5, 0x0A, 1, 0xFF, 0x12, 0), null, null, 13 },
        { "a key that is cut within a character", Message(0x0A, 7, 0x0A, 3, 0xF0, 0x9F, 0x98, 0x12, 0), null, null, 13 },
        { "a key in UTF-8, and bytes that are none", Message(0x0A, 9, 0x0A, 4, 0xF0, 0x9F, 0x98, 0x80, 0x12, 1, 0xFF, 0x12, 1, 0xFF), null, null, 0 },
        { "an unknown field of bytes that are no UTF-8", Message(0x7A, 2, 0xFF, 0xFF, 0xF8, 1, 0xFF, 1), null, null, 0 },
        { "unknown encoding", GrpcFrame.Write(new Payload()), "snappy", null, 12 },
        { "malformed timeout", GrpcFrame.Write(new Payload()), null, "soon", 13 },
        { "too large by its prefix", [0, 0x7f, 0xff, 0xff, 0xff], null, null, 8 },
        { "flat, though an encoding is named", GrpcFrame.Write(new Payload()), "gzip", null, 0 },
        { "gzip", GrpcFrame.WriteGzip(new Payload()), "gzip", null, 0 },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Invoke_Bytes_EndInThisStatus(string what, byte[] body, string? encoding, string? timeout, int expected)
    {
        var (status, _) = await PostAsync(TestService.Echo.Path, body, encoding, timeout);

        status.ShouldBe(expected, what);
    }

    [Fact]
    public async Task Invoke_MessageOverTheLimit_IsRefusedInGrpcGosWords()
    {
        var frame = GrpcFrame.Write(TestService.Text(new string('x', Limit)));

        var (status, message) = await PostAsync(TestService.Echo.Path, frame);

        status.ShouldBe(8);
        message.ShouldBe($"grpc: received message larger than max ({frame.Length - 5} vs. {Limit})");
    }

    [Fact]
    public async Task Invoke_SmallMessageThatInflatesOverTheLimit_IsRefused()
    {
        var frame = GrpcFrame.WriteGzip(TestService.Text(new string('x', 50 * 1024 * 1024)));
        frame.Length.ShouldBeLessThan(Limit);

        var (status, _) = await PostAsync(TestService.Echo.Path, frame, "gzip");

        status.ShouldBe(8);
        service.LastRequest.ShouldBeNull();
    }

    [Fact]
    public async Task Invoke_DeadlinePasses_ServerSaysSoItself()
    {
        var (status, _) = await PostAsync(TestService.Block.Path, GrpcFrame.Write(new Payload()), timeout: "200m");

        status.ShouldBe(4);
    }

    [Theory]
    [InlineData("GET", "application/grpc", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "application/json", HttpStatusCode.UnsupportedMediaType)]
    public async Task Invoke_NoGrpcRequest_AnswersInHttp(string method, string contentType, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server!.Address, TestService.Echo.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } },
        };

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(expected);
    }

    private static byte[] Message(params byte[] message) => [0, 0, 0, 0, (byte)message.Length, .. message];

    private static byte[] HalfOf(Payload message)
    {
        var frame = GrpcFrame.WriteGzip(message)[..^12];
        frame[4] = (byte)(frame.Length - GrpcFrame.PrefixLength);
        return frame;
    }

    private async Task<(int Status, string? Message)> PostAsync(string path, byte[] body, string? encoding = null, string? timeout = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server!.Address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.TE.ParseAdd("trailers");
        if (encoding is not null)
        {
            request.Headers.Add("grpc-encoding", encoding);
        }
        if (timeout is not null)
        {
            request.Headers.Add("grpc-timeout", timeout);
        }
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var headers = response.TrailingHeaders.Contains("grpc-status") ? response.TrailingHeaders : response.Headers;
        return (
            int.Parse(headers.GetValues("grpc-status").Single(), System.Globalization.CultureInfo.InvariantCulture),
            headers.TryGetValues("grpc-message", out var messages) ? GrpcMessageText.Decode(messages.Single()) : null);
    }
}
