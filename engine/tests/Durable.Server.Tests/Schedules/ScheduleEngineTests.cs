using Durable.Protocol;
using Durable.Server.Sqlite;
using Durable.Server.Tests.Engine;
using Durable.Server.Time;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Schedules;

public class ScheduleEngineTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 1, TimeSpan.Zero);

    [Fact]
    public async Task Restart_AnHourLater_CatchesUpWithinTheWindow()
    {
        var folder = Directory.CreateTempSubdirectory("schedule-");
        try
        {
            var file = Path.Combine(folder.FullName, "server.db");
            await using (var before = await TestServer.StartAsync(SqliteStore.Open(file), clock: new StandingClock(Start)))
            {
                await CreateAsync(before, TimeSpan.FromMinutes(10), ScheduleOverlapPolicy.AllowAll, static request =>
                    request.Schedule.Policies.CatchupWindow = TimeSpan.FromMinutes(25).ToDuration());
            }
            await using var after = await TestServer.StartAsync(SqliteStore.Open(file), clock: new StandingClock(Start.AddHours(1)));
            var info = await InfoAsync(after, static info => info.ActionCount == 3);
            info.MissedCatchupWindow.ShouldBe(3);
            info.RecentActions.Select(static action => action.StartWorkflowResult.WorkflowId)
                .ShouldBe(["scheduled-2026-01-01T00:40:00Z", "scheduled-2026-01-01T00:50:00Z", "scheduled-2026-01-01T01:00:00Z"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task VirtualTime_GoesFromActionToAction()
    {
        using var clock = new VirtualClock();
        await using var server = await TestServer.StartAsync(virtualClock: clock);
        await CreateAsync(server, TimeSpan.FromHours(1), ScheduleOverlapPolicy.Skip);
        clock.TryUnlockSkipping().ShouldBeTrue();
        var times = new List<DateTimeOffset>();
        for (var i = 0; i < 3; i++)
        {
            var task = (await server.PollAsync()).ShouldNotBeNull();
            times.Add(task.ScheduledTime.ToDateTimeOffset());
            await server.CompleteAsync(task, new Command { CommandType = CommandType.CompleteWorkflowExecution, CompleteWorkflowExecutionCommandAttributes = new() });
        }
        (times[1] - times[0]).TotalMinutes.ShouldBe(60, tolerance: 1);
        (times[2] - times[1]).TotalMinutes.ShouldBe(60, tolerance: 1);
    }

    [Fact]
    public async Task DeletedWorkflow_NoLongerBlocksTheNextAction()
    {
        await using var server = await TestServer.StartAsync();
        await CreateAsync(server, TimeSpan.FromDays(300), ScheduleOverlapPolicy.BufferOne);
        await TriggerAsync(server);
        var running = (await InfoAsync(server, static info => info.RunningWorkflows.Count == 1)).RunningWorkflows[0];
        await TriggerAsync(server);
        await server.CallAsync(
            WorkflowServiceMethods.DeleteWorkflowExecution, new DeleteWorkflowExecutionRequest { Namespace = TestServer.Namespace, WorkflowExecution = running });
        (await InfoAsync(server, static info => info.ActionCount == 2)).RecentActions[0].StartWorkflowStatus.ShouldBe(WorkflowExecutionStatus.Terminated);
    }

    [Fact]
    public async Task Create_SameRequestAgain_AnswersTheSame_AnotherIsRefused()
    {
        await using var server = await TestServer.StartAsync();
        var first = await CreateAsync(server, TimeSpan.FromHours(1), ScheduleOverlapPolicy.Skip);
        (await CreateAsync(server, TimeSpan.FromHours(1), ScheduleOverlapPolicy.Skip)).ShouldBe(first);
        var fault = await Should.ThrowAsync<RpcFaultException>(() =>
            CreateAsync(server, TimeSpan.FromHours(1), ScheduleOverlapPolicy.Skip, static request => request.RequestId = "another"));
        fault.Code.ShouldBe(RpcStatusCode.AlreadyExists);
        fault.Details.ShouldHaveSingleItem().TypeUrl.ShouldEndWith("WorkflowExecutionAlreadyStartedFailure");
    }

    public static TheoryData<string, Action<CreateScheduleRequest>, string> Refused => new()
    {
        { "no id", static request => request.ScheduleId = "", "ScheduleId is not set on request." },
        { "no action", static request => request.Schedule.Action = null, "StartWorkflow is not set on the schedule's action: it is the only action that there is." },
        { "no workflow id", static request => request.Schedule.Action.StartWorkflow.WorkflowId = "", "WorkflowId is not set on request." },
        { "no type", static request => request.Schedule.Action.StartWorkflow.WorkflowType = null, "WorkflowType is not set on request." },
        { "no queue", static request => request.Schedule.Action.StartWorkflow.TaskQueue = new(), "missing task queue name" },
        { "cron", static request => request.Schedule.Action.StartWorkflow.CronSchedule = "* * * * *", "Scheduled workflow must not contain CronSchedule" },
        { "reuse", static request => request.Schedule.Action.StartWorkflow.WorkflowIdReusePolicy = WorkflowIdReusePolicy.RejectDuplicate, "Scheduled workflow must not contain WorkflowIDReusePolicy" },
        { "both", static request => request.InitialPatch = new SchedulePatch { Pause = "a", Unpause = "b" }, "Pause and Unpause are both set on the patch." },
        { "backfill", static request => request.InitialPatch = new SchedulePatch { BackfillRequest = { new BackfillRequest() } }, "A backfill needs a StartTime and an EndTime that is not before it." },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Create_BadRequest_NamesTheField(string name, Action<CreateScheduleRequest> spoil, string message)
    {
        name.ShouldNotBeEmpty();
        await using var server = await TestServer.StartAsync();
        var fault = await Should.ThrowAsync<RpcFaultException>(() => CreateAsync(server, TimeSpan.FromHours(1), ScheduleOverlapPolicy.Skip, spoil));
        fault.Code.ShouldBe(RpcStatusCode.InvalidArgument);
        fault.Message.ShouldBe(message);
    }

    private static async Task<Google.Protobuf.ByteString> CreateAsync(
        TestServer server, TimeSpan every, ScheduleOverlapPolicy policy, Action<CreateScheduleRequest>? configure = null)
    {
        var request = new CreateScheduleRequest
        {
            Namespace = TestServer.Namespace,
            ScheduleId = "schedule",
            RequestId = "create",
            Schedule = new Schedule
            {
                Spec = new ScheduleSpec { Interval = { new IntervalSpec { Interval = every.ToDuration() } } },
                Action = new ScheduleAction
                {
                    StartWorkflow = new() { WorkflowId = "scheduled", WorkflowType = new() { Name = "type" }, TaskQueue = new() { Name = TestServer.Queue } },
                },
                Policies = new SchedulePolicies { OverlapPolicy = policy },
            },
        };
        configure?.Invoke(request);
        return (await server.CallAsync(WorkflowServiceMethods.CreateSchedule, request)).ConflictToken;
    }

    private static Task TriggerAsync(TestServer server) => server.CallAsync(
        WorkflowServiceMethods.PatchSchedule,
        new PatchScheduleRequest { Namespace = TestServer.Namespace, ScheduleId = "schedule", Patch = new SchedulePatch { TriggerImmediately = new() } });

    private static async Task<ScheduleInfo> InfoAsync(TestServer server, Func<ScheduleInfo, bool> wanted)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var request = new DescribeScheduleRequest { Namespace = TestServer.Namespace, ScheduleId = "schedule" };
            var info = (await server.CallAsync(WorkflowServiceMethods.DescribeSchedule, request)).Info;
            if (wanted(info))
            {
                return info;
            }
            await Task.Delay(20, late.Token);
        }
    }
}
