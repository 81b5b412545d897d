using Durable.Protocol;
using Durable.Server.Tests.Executions;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Engine;

// Aim: "for ever" is said with the longest duration that there is, ten thousand years, and no calendar reaches that far. It counts as a hundred years.
public class LongTimesTests
{
    private static readonly Duration Ever = new() { Seconds = 315_576_000_000 };
    private static readonly TimeSpan Century = TimeSpan.FromDays(36_500);

    [Fact]
    public async Task Start_ForEver_Lasts()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w", configure: static request =>
        {
            request.WorkflowExecutionTimeout = Ever;
            request.WorkflowRunTimeout = Ever;
            request.WorkflowTaskTimeout = Ever;
            request.RetryPolicy = new() { InitialInterval = Ever, MaximumInterval = Ever };
        });
        var started = (await server.HistoryAsync("w"))[0].WorkflowExecutionStartedEventAttributes;
        started.WorkflowRunTimeout.ToTimeSpan().ShouldBe(Century);
        started.WorkflowTaskTimeout.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(120));
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Fail());
        (await server.HistoryAsync("w"))[^1].WorkflowExecutionFailedEventAttributes.RetryState.ShouldBe(RetryState.Timeout, "no time is left for another run");
    }

    [Fact]
    public async Task StartDelay_ForEver_Lasts()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w", configure: static request => request.WorkflowStartDelay = Ever);
        (await server.HistoryAsync("w")).Count.ShouldBe(1);
    }

    public static TheoryData<string, Command> Commands => new()
    {
        { "timer", new Command { CommandType = CommandType.StartTimer, StartTimerCommandAttributes = new() { TimerId = "t", StartToFireTimeout = Ever } } },
        {
            "activity", WorkerCommands.Activity("a", static a =>
            {
                a.ScheduleToCloseTimeout = Ever;
                a.ScheduleToStartTimeout = Ever;
                a.StartToCloseTimeout = Ever;
                a.HeartbeatTimeout = Ever;
                a.RetryPolicy = new() { InitialInterval = Ever, MaximumInterval = Ever };
            })
        },
        {
            "child", new Command
            {
                CommandType = CommandType.StartChildWorkflowExecution,
                StartChildWorkflowExecutionCommandAttributes = new()
                {
                    WorkflowId = "child", WorkflowType = new() { Name = "child" }, WorkflowExecutionTimeout = Ever, WorkflowRunTimeout = Ever, WorkflowTaskTimeout = Ever,
                },
            }
        },
        {
            "continue", new Command
            {
                CommandType = CommandType.ContinueAsNewWorkflowExecution,
                ContinueAsNewWorkflowExecutionCommandAttributes = new() { WorkflowRunTimeout = Ever, WorkflowTaskTimeout = Ever, BackoffStartInterval = Ever },
            }
        },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Command_ForEver_IsTaken(string what, Command command)
    {
        what.ShouldNotBeEmpty();
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        await server.CompleteAsync((await server.PollAsync())!, command);
        (await server.DescribeAsync("w")).WorkflowExecutionInfo.Status.ShouldBe(WorkflowExecutionStatus.Running);
        if (what == "activity")
        {
            var task = (await server.PollActivityAsync())!;
            await server.CallAsync(WorkflowServiceMethods.RespondActivityTaskFailed, new RespondActivityTaskFailedRequest
            {
                Namespace = TestServer.Namespace, TaskToken = task.TaskToken,
                Failure = new() { ApplicationFailureInfo = new() { Type = "Broken", NextRetryDelay = Ever } },
            });
            (await server.HistoryAsync("w"))[^1].EventType.ShouldBe(EventType.WorkflowTaskScheduled, "no time is left for another attempt");
        }
        if (what == "child")
        {
            (await server.PollForAsync("child")).ShouldNotBeNull();
        }
    }

    // What is no duration: its parts disagree, or it is more than a second of nanoseconds.
    [Theory]
    [InlineData(1, -1)]
    [InlineData(-1, 1)]
    [InlineData(0, 1_000_000_000)]
    public async Task Duration_Malformed_IsRefused_AndRetentionIsACenturyAtMost(long seconds, int nanos)
    {
        await using var server = await TestServer.StartAsync();
        var malformed = new Duration { Seconds = seconds, Nanos = nanos };
        var fault = await Should.ThrowAsync<RpcFaultException>(() => server.StartAsync("w", configure: request => request.WorkflowRunTimeout = malformed));
        (fault.Code, fault.Message).ShouldBe(
            (RpcStatusCode.InvalidArgument, "An invalid WorkflowRunTimeoutSeconds is set on request. cause: duration has seconds and nanos with different signs"));
        (await Should.ThrowAsync<RpcFaultException>(() => RegisterAsync(server, malformed))).Code.ShouldBe(RpcStatusCode.InvalidArgument);
        await RegisterAsync(server, Ever);
        var described = await server.CallAsync(WorkflowServiceMethods.DescribeNamespace, new DescribeNamespaceRequest { Namespace = "other" });
        described.Config.WorkflowExecutionRetentionTtl.ToTimeSpan().ShouldBe(Century);
    }

    private static Task RegisterAsync(TestServer server, Duration retention) => server.CallAsync(
        WorkflowServiceMethods.RegisterNamespace, new RegisterNamespaceRequest { Namespace = "other", WorkflowExecutionRetentionPeriod = retention });
}
