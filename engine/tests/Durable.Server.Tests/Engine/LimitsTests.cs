using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Tests.Executions;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Tests.Engine;

// Aim: each limit answers as the genuine server's does, and a call that is refused changes nothing.
public class LimitsTests
{
    private const int Mebibyte = 1024 * 1024;

    [Fact]
    public async Task Input_OverTwoMebibytes_InvalidArgument()
    {
        await using var server = await TestServer.StartAsync();
        await RefusedAsync(() => server.StartAsync("w", configure: static request => request.Input = Blob(2 * Mebibyte)), RpcStatusCode.InvalidArgument, "Blob data size exceeds limit.");
        await server.StartAsync("w", configure: static request => request.Input = Blob((2 * Mebibyte) - 1000));
    }

    [Fact]
    public async Task WorkflowId_OverThousandCharacters_InvalidArgument()
    {
        await using var server = await TestServer.StartAsync();
        await RefusedAsync(
            () => server.StartAsync(new string('w', 1001)), RpcStatusCode.InvalidArgument, "WorkflowId exceeds maximum allowed length (1001/1000)");
        await server.StartAsync(new string('w', 1000));
    }

    [Fact]
    public async Task SearchAttribute_OverTwoKibibytes_InvalidArgument()
    {
        await using var server = await TestServer.StartAsync();
        await RefusedAsync(
            () => server.StartAsync("w", configure: static request => request.SearchAttributes = new()
            {
                IndexedFields = { ["TemporalChangeVersion"] = new Payload { Data = ByteString.CopyFromUtf8($"[\"{new string('x', 2045)}\"]") } },
            }),
            RpcStatusCode.InvalidArgument,
            "search attribute TemporalChangeVersion value size 2049 exceeds size limit 2048");
    }

    [Fact]
    public async Task Signals_OverTheLimitOfARun_InvalidArgument()
    {
        await using var server = await TestServer.StartAsync(configure: static options => options with { Limits = new ExecutionLimits { SignalsPerRun = 3 } });
        await server.StartAsync("w");
        for (var i = 0; i < 3; i++)
        {
            await server.SignalAsync("w", "signal");
        }
        await RefusedAsync(() => server.SignalAsync("w", "signal"), RpcStatusCode.InvalidArgument, "exceeded workflow execution limit for signal events");
        (await server.HistoryAsync("w")).Count(static e => e.EventType == EventType.WorkflowExecutionSignaled).ShouldBe(3);
    }

    [Fact]
    public async Task History_GrownBySignalsThatNobodyWorksOff_TerminatesTheRun()
    {
        await using var server = await TestServer.StartAsync(configure: static options => options with { Limits = new ExecutionLimits { HistoryEventsError = 10 } });
        await server.StartAsync("w");
        for (var i = 0; i < 9; i++)
        {
            await server.SignalAsync("w", "signal");
        }
        var last = (await server.HistoryAsync("w"))[^1];
        last.WorkflowExecutionTerminatedEventAttributes.ShouldNotBeNull().Reason.ShouldBe("Workflow history count exceeds limit.");
        await RefusedAsync(() => server.SignalAsync("w", "signal"), RpcStatusCode.NotFound, "workflow execution already completed");
    }

    [Fact]
    public async Task PendingActivities_OverTheLimit_FailTheTaskAndNothingIsScheduled()
    {
        await using var server = await TestServer.StartAsync(configure: static options => options with { Limits = new ExecutionLimits { PendingActivities = 2 } });
        await server.StartAsync("w");
        var task = (await server.PollAsync())!;
        await RefusedAsync(
            () => server.CompleteAsync(task, [.. Enumerable.Range(0, 3).Select(static i => WorkerCommands.Activity($"a{i}"))]),
            RpcStatusCode.InvalidArgument,
            "PendingActivitiesLimitExceeded: the number of pending activities, 2, has reached the per-workflow limit of 2");
        var history = await server.HistoryAsync("w");
        history.Single(static e => e.EventType == EventType.WorkflowTaskFailed).WorkflowTaskFailedEventAttributes.Cause.ShouldBe(WorkflowTaskFailedCause.PendingActivitiesLimitExceeded);
        history.ShouldNotContain(static e => e.EventType == EventType.ActivityTaskScheduled);
    }

    private static Payloads Blob(int bytes) => new() { Payloads_ = { new Payload { Data = ByteString.CopyFrom(new byte[bytes]) } } };

    private static async Task RefusedAsync(Func<Task> call, RpcStatusCode code, string message)
    {
        var fault = await Should.ThrowAsync<RpcFaultException>(call);
        fault.Code.ShouldBe(code);
        fault.Message.ShouldBe(message);
    }
}
