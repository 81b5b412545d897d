using System.ComponentModel;
using System.Diagnostics;
using Durable.Protocol.Http2;
using Temporalio.Api.Common.V1;

namespace Durable.Protocol.Tests.Transport.Http2;

/// <summary>An HTTP/2 implementation that shares nothing with .NET's talks to the server's end.</summary>
public sealed class CurlTests
{
    [Fact]
    public async Task Curl_EchoCall_GetsFrameAndTrailers()
    {
        await using var server = await TestServer.StartAsync(new TestService().Router);
        var frame = GrpcFrame.Write(TestService.Text("from curl"));

        var (head, body) = await CurlAsync(server, TestService.Echo.Path, frame);

        head.ShouldContain("HTTP/2 200");
        head.ShouldContain("content-type: application/grpc");
        head.ShouldContain("grpc-status: 0");
        body.ShouldBe(frame);
    }

    [Fact]
    public async Task Curl_Fault_GetsStatusMessageAndDetails()
    {
        await using var server = await TestServer.StartAsync(new TestService().Router);

        var (head, body) = await CurlAsync(server, TestService.Fail.Path, GrpcFrame.Write(TestService.Text("50% off")));

        head.ShouldContain("grpc-status: 9");
        head.ShouldContain("grpc-message: 50%25 off");
        head.ShouldContain("grpc-status-details-bin: ");
        body.ShouldBeEmpty();
    }

    private static async Task<(string Head, byte[] Body)> CurlAsync(TestServer server, string path, byte[] frame)
    {
        var folder = Directory.CreateTempSubdirectory("curl-");
        try
        {
            string File(string name) => Path.Combine(folder.FullName, name);
            await System.IO.File.WriteAllBytesAsync(File("request"), frame, TestContext.Current.CancellationToken);
            var start = new ProcessStartInfo("curl")
            {
                ArgumentList =
                {
                    "--silent", "--show-error", "--http2-prior-knowledge", "--noproxy", "*", "--max-time", "60",
                    "--header", "content-type: application/grpc", "--header", "te: trailers",
                    "--data-binary", "@" + File("request"), "--dump-header", File("head"), "--output", File("body"),
                    new Uri(server.Address, path).ToString(),
                },
                RedirectStandardError = true,
            };
            using var curl = Start(start);
            var errors = await curl.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await curl.WaitForExitAsync(TestContext.Current.CancellationToken);
            if (errors.Contains("http2-prior-knowledge", StringComparison.Ordinal) || curl.ExitCode == 1)
            {
                Assert.Skip($"this curl has no HTTP/2: {errors}");
            }
            curl.ExitCode.ShouldBe(0, errors);
            return (
                await System.IO.File.ReadAllTextAsync(File("head"), TestContext.Current.CancellationToken),
                System.IO.File.Exists(File("body")) ? await System.IO.File.ReadAllBytesAsync(File("body"), TestContext.Current.CancellationToken) : []);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception absent)
        {
            Assert.Skip($"curl is not installed: {absent.Message}");
            throw;
        }
    }
}
