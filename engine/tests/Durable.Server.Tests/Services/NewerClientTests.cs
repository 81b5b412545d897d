using Durable.Protocol;
using Durable.Server.Tests.Engine;
using Durable.Server.Tests.Executions;
using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Services;

// Aim: a client of tomorrow. What it puts into messages beyond what we know comes back as it was; a value of an enum that we do not know is no crash of ours.
public class NewerClientTests
{
    /// <summary>Number 1000, length-delimited, five bytes: a field that no message has.</summary>
    private static readonly byte[] Unknown = [0xc2, 0x3e, 5, .. "later"u8];

    private const int Beyond = 99;

    [Fact]
    public async Task UnknownFields_OfPayloadsAndFailures_ComeBackAsTheyWere()
    {
        await using var server = await TestServer.StartAsync();
        var input = WithUnknown(new Payload { Data = ByteString.CopyFromUtf8("input") });
        await server.StartAsync("w", configure: request => request.Input = new() { Payloads_ = { input } });
        var task = (await server.PollAsync()).ShouldNotBeNull();
        await server.CompleteAsync(task, WorkerCommands.Activity("1", attributes => attributes.Input = new() { Payloads_ = { input } }));
        var activity = (await server.PollActivityAsync()).ShouldNotBeNull();
        var failure = WithUnknown(new Failure { Message = "no", ApplicationFailureInfo = new() { NonRetryable = true } });
        await server.CallAsync(
            WorkflowServiceMethods.RespondActivityTaskFailed,
            new RespondActivityTaskFailedRequest { Namespace = TestServer.Namespace, TaskToken = activity.TaskToken, Failure = failure });

        var history = await server.HistoryAsync("w");

        task.History.Events[0].WorkflowExecutionStartedEventAttributes.Input.Payloads_.ShouldBe([input]);
        activity.Input.Payloads_.ShouldBe([input]);
        history[0].WorkflowExecutionStartedEventAttributes.Input.Payloads_.ShouldBe([input]);
        history.Single(e => e.EventType == EventType.ActivityTaskScheduled).ActivityTaskScheduledEventAttributes.Input.Payloads_.ShouldBe([input]);
        history.Single(e => e.EventType == EventType.ActivityTaskFailed).ActivityTaskFailedEventAttributes.Failure.ShouldBe(failure);
    }

    [Fact]
    public async Task UnknownEnumValues_OfRequests_AreAnsweredOrRefusedAndNeverCrash()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        var one = new WorkflowExecution { WorkflowId = "w" };

        await AnsweredAsync("reuse policy", () => server.StartAsync("w1", configure: r => r.WorkflowIdReusePolicy = (WorkflowIdReusePolicy)Beyond));
        await AnsweredAsync("conflict policy", () => server.StartAsync("w", configure: r => r.WorkflowIdConflictPolicy = (WorkflowIdConflictPolicy)Beyond));
        await AnsweredAsync("kind of queue", () => server.StartAsync("w2", configure: r => r.TaskQueue.Kind = (TaskQueueKind)Beyond));
        await AnsweredAsync("history filter", () => server.CallAsync(
            WorkflowServiceMethods.GetWorkflowExecutionHistory,
            new() { Namespace = TestServer.Namespace, Execution = one, HistoryEventFilterType = (HistoryEventFilterType)Beyond }));
        await AnsweredAsync("type of queue", () => server.CallAsync(
            WorkflowServiceMethods.DescribeTaskQueue,
            new() { Namespace = TestServer.Namespace, TaskQueue = new() { Name = TestServer.Queue }, TaskQueueType = (TaskQueueType)Beyond }));
        await AnsweredAsync("stage of an update", () => server.CallAsync(
            WorkflowServiceMethods.UpdateWorkflowExecution,
            new()
            {
                Namespace = TestServer.Namespace, WorkflowExecution = one, WaitPolicy = new() { LifecycleStage = (UpdateWorkflowExecutionLifecycleStage)Beyond },
                Request = new() { Meta = new() { UpdateId = "u" }, Input = new() { Name = "update" } },
            },
            TimeSpan.FromSeconds(1)));
        await AnsweredAsync("query's condition", () => server.CallAsync(
            WorkflowServiceMethods.QueryWorkflow,
            new() { Namespace = TestServer.Namespace, Execution = one, Query = new() { QueryType = "q" }, QueryRejectCondition = (QueryRejectCondition)Beyond },
            TimeSpan.FromSeconds(1)));
        await AnsweredAsync("type of a reset", () => server.CallAsync(
            WorkflowServiceMethods.ResetWorkflowExecution,
            new() { Namespace = TestServer.Namespace, WorkflowExecution = one, WorkflowTaskFinishEventId = 3, ResetReapplyType = (ResetReapplyType)Beyond }));
    }

    [Fact]
    public async Task UnknownCommand_IsRefusedAndTheTaskCanBeAnsweredAnew()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        var task = (await server.PollAsync()).ShouldNotBeNull();

        var fault = await Should.ThrowAsync<RpcFaultException>(() => server.CompleteAsync(task, new Command { CommandType = (CommandType)Beyond }));
        await server.CompleteAsync(task, WorkerCommands.Complete());

        fault.Code.ShouldBe(RpcStatusCode.InvalidArgument);
        (await server.DescribeAsync("w")).WorkflowExecutionInfo.Status.ShouldBe(WorkflowExecutionStatus.Completed);
    }

    [Fact]
    public async Task UnknownPoliciesOfAChild_TheChildStarts()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("w");
        var child = WorkerCommands.Child("child", (ParentClosePolicy)Beyond);
        child.StartChildWorkflowExecutionCommandAttributes.WorkflowIdReusePolicy = (WorkflowIdReusePolicy)Beyond;

        await server.CompleteAsync((await server.PollAsync()).ShouldNotBeNull(), child);

        (await server.PollForAsync("child")).History.Events[0].EventType.ShouldBe(EventType.WorkflowExecutionStarted);
    }

    private static async Task AnsweredAsync(string what, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (RpcFaultException fault)
        {
            fault.Code.ShouldNotBe(RpcStatusCode.Internal, what + ": " + fault);
            fault.Code.ShouldNotBe(RpcStatusCode.Unknown, what + ": " + fault);
        }
    }

    private static T WithUnknown<T>(T message)
        where T : IMessage
    {
        message.MergeFrom(Unknown);
        message.ToByteArray().AsSpan().EndsWith(Unknown).ShouldBeTrue();
        return message;
    }
}
