using System.Text;
using Durable.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Host.Tests;

// Aim: whatever one client does, the others are served. Each test does harm first and then works with the server as usual.
public class MisbehavingClientTests
{
    private const string PollPath = "/temporal.api.workflowservice.v1.WorkflowService/PollWorkflowTaskQueue";

    [Fact]
    public async Task Garbage_OnThePort_IsHungUpOn()
    {
        await using var fixture = await HostFixture.StartAsync();
        for (var i = 0; i < 50; i++)
        {
            using var raw = await RawConnection.OpenAsync(fixture.Host.Port);
            var noise = new byte[10_000];
            new Random(i).NextBytes(noise);
            try
            {
                await raw.SendAsync(noise);
            }
            catch (IOException)
            {
                // Hung up on before it was all sent.
            }
            (await raw.ReadToEndAsync(TimeSpan.FromSeconds(30))).Length.ShouldBeLessThan(1000);
        }
        await fixture.ShouldServeOthersAsync();
    }

    [Fact]
    public async Task Http1_OnTheGrpcPort_IsTurnedAway()
    {
        await using var fixture = await HostFixture.StartAsync();
        using var raw = await RawConnection.OpenAsync(fixture.Host.Port);
        await raw.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());

        Encoding.ASCII.GetString(await raw.ReadToEndAsync(TimeSpan.FromSeconds(30))).ShouldContain("HTTP/2");
        await fixture.ShouldServeOthersAsync();
    }

    [Fact]
    public async Task GiantMessage_IsRefusedWithItsLimit()
    {
        await using var fixture = await HostFixture.StartAsync();
        var refused = await Should.ThrowAsync<RpcFaultException>(() => fixture.StartWorkflowAsync("giant", input: new byte[5 * 1024 * 1024]));

        refused.Code.ShouldBe(RpcStatusCode.ResourceExhausted);
        refused.Message.ShouldContain("4194304");
        await fixture.ShouldServeOthersAsync();
    }

    [Fact]
    public async Task GiantLength_InAFrameHeader_TakesNoMemory()
    {
        await using var fixture = await HostFixture.StartAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var raw = await RawConnection.OpenAsync(fixture.Host.Port);
        await raw.BeginHttp2Async();
        for (var stream = 1; stream < 200; stream += 2)
        {
            await raw.SendAsync(RawConnection.Frame(RawConnection.Headers, RawConnection.EndHeaders, stream, RawConnection.RequestHeaders(PollPath)));
            // A message of two gigabytes, says its prefix; nothing of it follows.
            await raw.SendAsync(RawConnection.Frame(RawConnection.Data, 0, stream, 0, 0x7f, 0xff, 0xff, 0xff));
        }
        await fixture.ShouldServeOthersAsync();

        // The other tests of this process take some too; one of the hundred messages would be more.
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(1024 * 1024 * 1024);
    }

    [Fact]
    public async Task ThousandsOfPolls_OfOneClient_LeaveRoomForOthers()
    {
        await using var fixture = await HostFixture.StartAsync();
        await using var hoarder = fixture.Connect();
        using var gone = new CancellationTokenSource();
        var polls = Enumerable.Range(0, 3000).Select(i => hoarder.CallAsync(
            WorkflowServiceMethods.PollActivityTaskQueue,
            new PollActivityTaskQueueRequest { Namespace = "default", TaskQueue = new() { Name = $"queue-{i % 500}" }, Identity = "hoarder" },
            new RpcCallOptions(TimeSpan.FromMinutes(1)),
            gone.Token)).ToArray();
        await fixture.UntilPolledByAsync(1, "queue-499", TaskQueueType.Activity);

        await fixture.ShouldServeOthersAsync();
        await gone.CancelAsync();
        foreach (var poll in polls)
        {
            // By that, or before by its own time: a slow machine needs long for so many.
            await Task.WhenAny(poll);
        }
        await fixture.ShouldServeOthersAsync();
    }

    [Fact]
    public async Task ResetFlood_IsCutOff()
    {
        await using var fixture = await HostFixture.StartAsync();
        using var raw = await RawConnection.OpenAsync(fixture.Host.Port);
        await raw.BeginHttp2Async();
        var headers = RawConnection.RequestHeaders(PollPath);
        try
        {
            for (var stream = 1; stream < 200_000; stream += 2)
            {
                await raw.SendAsync(
                [
                    .. RawConnection.Frame(RawConnection.Headers, RawConnection.EndHeaders, stream, headers),
                    .. RawConnection.Frame(RawConnection.RstStream, 0, stream, 0, 0, 0, 8),
                ]);
            }
        }
        catch (IOException)
        {
            // The server has had enough and closed the connection.
        }
        await fixture.ShouldServeOthersAsync();
    }

    [Fact]
    public async Task HalfOpenConnections_ManyThatNeverSay_DoNotCount()
    {
        await using var fixture = await HostFixture.StartAsync();
        var idle = new List<RawConnection>();
        try
        {
            for (var i = 0; i < 300; i++)
            {
                idle.Add(await RawConnection.OpenAsync(fixture.Host.Port));
                if (i % 2 == 0)
                {
                    await idle[^1].BeginHttp2Async();
                }
            }
            await fixture.ShouldServeOthersAsync();
        }
        finally
        {
            idle.ForEach(static connection => connection.Dispose());
        }
    }

    [Fact]
    public async Task SlowReader_OfLargeAnswers_HoldsUpNobody()
    {
        await using var fixture = await HostFixture.StartAsync();
        await fixture.StartWorkflowAsync("large", input: new byte[1024 * 1024]);
        using var raw = await RawConnection.OpenAsync(fixture.Host.Port);
        await raw.BeginHttp2Async();
        var request = new GetWorkflowExecutionHistoryRequest { Namespace = "default", Execution = new() { WorkflowId = "large" } };
        var bytes = Google.Protobuf.MessageExtensions.ToByteArray(request);
        for (var stream = 1; stream < 400; stream += 2)
        {
            // Asks for two hundred megabytes and reads none of them.
            await raw.SendAsync(RawConnection.Frame(
                RawConnection.Headers, RawConnection.EndHeaders, stream,
                RawConnection.RequestHeaders("/temporal.api.workflowservice.v1.WorkflowService/GetWorkflowExecutionHistory")));
            await raw.SendAsync(RawConnection.Frame(RawConnection.Data, RawConnection.EndStream, stream, [0, 0, 0, 0, checked((byte)bytes.Length), .. bytes]));
        }
        await fixture.ShouldServeOthersAsync();
    }
}
