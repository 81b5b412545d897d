using Durable.Protocol;
using Durable.Server.Tests.Executions;
using Durable.Server.Time;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.TestService.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Engine;

public sealed class TimeSkippingTests : IDisposable
{
    private const int Day = 86_400;

    private readonly VirtualClock clock = new();

    public void Dispose() => clock.Dispose();

    [Fact]
    public async Task Sleep_ManyTimersOnTheWay_FireInOrderAtTheirOwnTimes()
    {
        await using var server = await TestServer.StartAsync(virtualClock: clock);
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Timer("c", 3 * Day), WorkerCommands.Timer("a", 1 * Day), WorkerCommands.Timer("b", 2 * Day));
        var worker = WorkAsync(server, times: 3);

        await SleepAsync(server, TimeSpan.FromDays(4));
        await worker;

        var fired = (await server.HistoryAsync("w")).Where(static e => e.EventType == EventType.TimerFired).ToArray();
        fired.Select(static e => e.TimerFiredEventAttributes.TimerId).ShouldBe(["a", "b", "c"]);
        (fired[2].EventTime.ToDateTime() - fired[0].EventTime.ToDateTime()).TotalDays.ShouldBe(2, 0.01);
    }

    [Fact]
    public async Task Unlocked_TaskWithAWorker_HoldsTime()
    {
        await using var server = await TestServer.StartAsync(virtualClock: clock);
        await server.StartAsync("sleeper");
        await server.CompleteAsync(await server.PollForAsync("sleeper"), WorkerCommands.Timer("t", Day));
        await server.StartAsync("busy");
        var task = await server.PollForAsync("busy");
        var before = clock.GetUtcNow();

        await UnlockAsync(server);
        await server.DescribeAsync("busy");
        (clock.GetUtcNow() - before).ShouldBeLessThan(TimeSpan.FromHours(1));
        await server.CompleteAsync(task, WorkerCommands.Complete());

        await server.CompleteAsync(await server.PollForAsync("sleeper"), WorkerCommands.Complete());
        (clock.GetUtcNow() - before).ShouldBeGreaterThan(TimeSpan.FromHours(23));
    }

    [Fact]
    public async Task Unlocked_RunWithATaskIsDeleted_NoLongerHoldsTime()
    {
        await using var server = await TestServer.StartAsync(virtualClock: clock);
        await server.StartAsync("sleeper");
        await server.CompleteAsync(await server.PollForAsync("sleeper"), WorkerCommands.Timer("t", Day));
        await server.StartAsync("nobody", configure: static request => request.TaskQueue = new() { Name = "no worker" });
        await UnlockAsync(server);

        await server.CallAsync(
            WorkflowServiceMethods.DeleteWorkflowExecution,
            new DeleteWorkflowExecutionRequest { Namespace = TestServer.Namespace, WorkflowExecution = new() { WorkflowId = "nobody" } });

        (await server.PollForAsync("sleeper")).History.Events.ShouldContain(static e => e.EventType == EventType.TimerFired);
    }

    [Fact]
    public async Task ActivityBackoff_IsSkipped_ItsExecutionIsNot()
    {
        await using var server = await TestServer.StartAsync(virtualClock: clock);
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Activity("a", static activity =>
        {
            activity.StartToCloseTimeout = RunDriver.Seconds(10 * Day);
            activity.RetryPolicy = new() { InitialInterval = RunDriver.Seconds(Day), BackoffCoefficient = 1 };
        }));
        var first = (await server.PollActivityAsync())!;
        var before = clock.GetUtcNow();
        await UnlockAsync(server);
        await server.CallAsync(WorkflowServiceMethods.RespondActivityTaskFailed, new RespondActivityTaskFailedRequest
        {
            Namespace = TestServer.Namespace, TaskToken = first.TaskToken, Failure = WorkerCommands.ApplicationFailure("Broken"),
        });

        var second = (await server.PollActivityAsync())!;

        second.Attempt.ShouldBe(2);
        (clock.GetUtcNow() - before).TotalDays.ShouldBe(1, 0.1);
    }

    [Fact]
    public async Task UnlockWithSleep_InAnActivityWhileTheClientWaitsForTheResult_MissesItsHeartbeat()
    {
        await using var server = await TestServer.StartAsync(virtualClock: clock);
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Activity("a", static activity =>
        {
            activity.StartToCloseTimeout = RunDriver.Seconds(Day);
            activity.HeartbeatTimeout = RunDriver.Seconds(3_600);
            activity.RetryPolicy = new() { MaximumAttempts = 1 };
        }));
        await server.PollActivityAsync();
        await UnlockAsync(server);
        var before = clock.GetUtcNow();

        // The sleep has taken back what the run holds, so a task that a worker had meanwhile would run out of its time: it is taken after that.
        await SleepAsync(server, TimeSpan.FromHours(2));
        var task = (await server.PollAsync())!;
        await server.CompleteAsync(task, WorkerCommands.Complete());

        task.History.Events.ShouldContain(static e =>
            e.EventType == EventType.ActivityTaskTimedOut && e.ActivityTaskTimedOutEventAttributes.Failure.TimeoutFailureInfo.TimeoutType == TimeoutType.Heartbeat);
        (clock.GetUtcNow() - before).TotalHours.ShouldBe(2, 0.1);
    }

    [Fact]
    public async Task Unlock_WithoutALock_IsRefused()
    {
        await using var server = await TestServer.StartAsync(virtualClock: clock);
        await UnlockAsync(server);

        (await Should.ThrowAsync<RpcFaultException>(() => UnlockAsync(server))).Code.ShouldBe(RpcStatusCode.InvalidArgument);
        (await Should.ThrowAsync<RpcFaultException>(() => SleepAsync(server, TimeSpan.FromHours(1)))).Code.ShouldBe(RpcStatusCode.InvalidArgument);
    }

    private static async Task WorkAsync(TestServer server, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await server.CompleteAsync((await server.PollAsync())!);
        }
    }

    private static Task UnlockAsync(TestServer server) => server.CallAsync(TestServiceMethods.UnlockTimeSkipping, new UnlockTimeSkippingRequest());

    private static Task SleepAsync(TestServer server, TimeSpan time) =>
        server.CallAsync(TestServiceMethods.UnlockTimeSkippingWithSleep, new SleepRequest { Duration = Duration.FromTimeSpan(time) });
}
