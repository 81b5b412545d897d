using Durable.Protocol;
using Durable.Server.Storage;
using Durable.Server.Tests.Executions;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Engine;

// Aim: a write that fails makes its call fail and nothing else; when the store writes again, everything goes on by itself.
public class StoreFailureTests
{
    private readonly FaultyStore store = new(new MemoryStore());

    [Fact]
    public async Task Start_NotStored_FailsAndNothingIsThere_ThenTheSameCallWorks()
    {
        await using var server = await TestServer.StartAsync(store);
        store.Fails = static transaction => transaction.Runs.Count > 0;
        (await Should.ThrowAsync<RpcFaultException>(() => server.StartAsync("w", "request"))).Code.ShouldBe(RpcStatusCode.Unavailable);
        (await Should.ThrowAsync<RpcFaultException>(() => server.DescribeAsync("w"))).Code.ShouldBe(RpcStatusCode.NotFound);

        store.Fails = static _ => false;
        (await server.StartAsync("w", "request")).Started.ShouldBeTrue();

        (await server.HistoryAsync("w")).Count(static e => e.EventType == EventType.WorkflowExecutionStarted).ShouldBe(1);
        (await server.PollAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task Signal_NotStored_IsInNoHistory()
    {
        await using var server = await TestServer.StartAsync(store);
        await server.StartAsync("w");
        store.Fails = static transaction => transaction.Runs.Count > 0;
        (await Should.ThrowAsync<RpcFaultException>(() => server.SignalAsync("w", "lost", "request"))).Code.ShouldBe(RpcStatusCode.Unavailable);
        store.Fails = static _ => false;
        await server.SignalAsync("w", "kept", "request");

        var signals = (await server.HistoryAsync("w")).Where(static e => e.EventType == EventType.WorkflowExecutionSignaled);
        signals.Select(static e => e.WorkflowExecutionSignaledEventAttributes.SignalName).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task Poll_StartOfTheTaskNotStored_TheTaskComesAgainByItself()
    {
        await using var server = await TestServer.StartAsync(store);
        await server.StartAsync("w");
        store.Fails = static transaction => transaction.Runs.Count > 0;
        // The entry leaves the queue for this poll, and its commit fails: nobody else knows of the task now.
        (await Should.ThrowAsync<RpcFaultException>(() => server.PollAsync())).Code.ShouldBe(RpcStatusCode.Unavailable);
        store.Fails = static _ => false;

        var task = (await server.PollAsync()).ShouldNotBeNull();
        await server.CompleteAsync(task, WorkerCommands.Complete());

        (await server.DescribeAsync("w")).WorkflowExecutionInfo.Status.ShouldBe(WorkflowExecutionStatus.Completed);
    }

    [Fact]
    public async Task HandOut_NotStored_ThePollerWaitsOnAndGetsTheNextTask()
    {
        await using var server = await TestServer.StartAsync(store);
        var poll = server.PollAsync();
        await WaitForPollerAsync(server);
        store.Fails = static transaction => transaction.Runs.Count > 0;
        await Should.ThrowAsync<RpcFaultException>(() => server.StartAsync("lost"));
        store.Fails = static _ => false;
        poll.IsCompleted.ShouldBeFalse();

        await server.StartAsync("kept");

        (await poll).ShouldNotBeNull().WorkflowExecution.WorkflowId.ShouldBe("kept");
    }

    [Fact]
    public async Task Outbox_DeliveryNotStored_IsDeliveredWhenTheStoreWritesAgain()
    {
        await using var server = await TestServer.StartAsync(store);
        await server.StartAsync("parent");
        var task = (await server.PollAsync()).ShouldNotBeNull();
        // The parent is written, its messages to others are not.
        store.Fails = static transaction => transaction.Runs.Exists(static run => run.Key.WorkflowId != "parent");
        await server.CompleteAsync(task, WorkerCommands.Child("child"), WorkerCommands.Timer("t", 3600));
        await UntilAsync(() => Task.FromResult(store.Failures > 1));
        store.Fails = static _ => false;

        await server.CompleteAsync(await server.PollForAsync("child"), WorkerCommands.Complete());

        await UntilAsync(async () => (await server.HistoryAsync("parent")).Any(static e => e.EventType == EventType.ChildWorkflowExecutionCompleted));
        (await server.HistoryAsync("parent")).Count(static e => e.EventType == EventType.ChildWorkflowExecutionStarted).ShouldBe(1);
    }

    [Fact]
    public async Task Outbox_OneEntryCannotBeDelivered_TheOthersAre()
    {
        await using var server = await TestServer.StartAsync(store);
        await server.StartAsync("parent");
        var task = (await server.PollAsync()).ShouldNotBeNull();
        store.Fails = static transaction => transaction.Runs.Exists(static run => run.Key.WorkflowId == "broken");

        await server.CompleteAsync(task, WorkerCommands.Child("broken"), WorkerCommands.Child("whole"));

        await server.CompleteAsync(await server.PollForAsync("whole"), WorkerCommands.Complete());
        (await server.DescribeAsync("whole")).WorkflowExecutionInfo.Status.ShouldBe(WorkflowExecutionStatus.Completed);
    }

    [Fact]
    public async Task FollowingRun_CalledBetweenItsCommitAndItsCreation_IsOneObject()
    {
        await using var server = await TestServer.StartAsync(store);
        await server.StartAsync("chain");
        var task = (await server.PollAsync()).ShouldNotBeNull();
        Task? signal = null;
        store.Stored = transaction =>
        {
            if (transaction.Runs.Count == 2 && signal is null)
            {
                // The store knows the next run already: this call finds it there, and has done or waits for what it has to when this returns.
                signal = server.BeginSignalAsync("chain", "early");
            }
            return Task.CompletedTask;
        };

        await server.CompleteAsync(task, WorkerCommands.ContinueAsNew());
        await signal.ShouldNotBeNull();
        await server.SignalAsync("chain", "late");

        var history = await server.HistoryAsync("chain");
        history.Select(static e => e.EventId).ShouldBe(Enumerable.Range(1, history.Count).Select(static id => (long)id));
        history.Where(static e => e.EventType == EventType.WorkflowExecutionSignaled)
            .Select(static e => e.WorkflowExecutionSignaledEventAttributes.SignalName).ShouldBe(["early", "late"]);
    }

    // A call that names no run means whatever goes on under the id.
    [Fact]
    public async Task FollowingRun_CommittedWhileCallsWaitForTheOldOne_GetsThem()
    {
        await using var server = await TestServer.StartAsync(store);
        await server.StartAsync("chain");
        var task = (await server.PollAsync()).ShouldNotBeNull();
        var chain = new Temporalio.Api.Common.V1.WorkflowExecution { WorkflowId = "chain" };
        Task? signal = null;
        Task? cancel = null;
        Task? update = null;
        store.Fails = transaction =>
        {
            if (transaction.Runs.Count == 2 && signal is null)
            {
                // The store does not know the next run yet: these calls find the old one, and wait until it is free.
                signal = server.BeginSignalAsync("chain", "early");
                cancel = server.BeginAsync(
                    WorkflowServiceMethods.RequestCancelWorkflowExecution, new RequestCancelWorkflowExecutionRequest { Namespace = TestServer.Namespace, WorkflowExecution = chain });
                update = server.BeginAsync(WorkflowServiceMethods.UpdateWorkflowExecution, new UpdateWorkflowExecutionRequest
                {
                    Namespace = TestServer.Namespace, WorkflowExecution = chain, Request = RunDriver.Update("u"),
                });
            }
            return false;
        };

        await server.CompleteAsync(task, WorkerCommands.ContinueAsNew());
        await signal.ShouldNotBeNull();
        await cancel.ShouldNotBeNull();
        for (task = await server.PollForAsync("chain"); task.Messages.Count == 0; task = await server.PollForAsync("chain"))
        {
            await server.CompleteAsync(task);
        }
        var answer = new RespondWorkflowTaskCompletedRequest { Namespace = TestServer.Namespace, TaskToken = task.TaskToken };
        answer.Accept(task.Messages[0]);
        answer.Answer(task.Messages[0].ProtocolInstanceId);
        await server.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskCompleted, answer);
        await update.ShouldNotBeNull();

        var history = await server.HistoryAsync("chain");
        history[0].WorkflowExecutionStartedEventAttributes.ContinuedExecutionRunId.ShouldNotBeEmpty();
        foreach (var type in new[] { EventType.WorkflowExecutionSignaled, EventType.WorkflowExecutionCancelRequested, EventType.WorkflowExecutionUpdateCompleted })
        {
            history.Count(e => e.EventType == type).ShouldBe(1, $"{type}");
        }
    }

    [Fact]
    public async Task Namespace_NotStored_IsNotThere()
    {
        await using var server = await TestServer.StartAsync(store);
        store.Fails = static transaction => transaction.Documents.Count > 0;
        var register = new RegisterNamespaceRequest { Namespace = "other", WorkflowExecutionRetentionPeriod = new() { Seconds = 86_400 } };
        (await Should.ThrowAsync<RpcFaultException>(() => server.CallAsync(WorkflowServiceMethods.RegisterNamespace, register))).Code.ShouldBe(RpcStatusCode.Unavailable);
        store.Fails = static _ => false;

        await server.CallAsync(WorkflowServiceMethods.RegisterNamespace, register);
    }

    internal static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            await Task.Delay(10, deadline.Token);
        }
    }

    internal static Task WaitForPollerAsync(TestServer server, string queue = TestServer.Queue, int pollers = 1) => UntilAsync(async () => (await server.CallAsync(
        WorkflowServiceMethods.DescribeTaskQueue,
        new DescribeTaskQueueRequest { Namespace = TestServer.Namespace, TaskQueue = new() { Name = queue }, TaskQueueType = TaskQueueType.Workflow })).Pollers.Count >= pollers);
}
