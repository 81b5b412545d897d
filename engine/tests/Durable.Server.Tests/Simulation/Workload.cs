using System.Collections.Concurrent;
using Durable.Protocol;
using Durable.Server.Tests.Executions;
using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Simulation;

/// <summary>
/// Clients and workers that go on whatever happens to their server, and a ledger of what it acknowledged. Each workflow runs an activity, a timer
/// and a child beside each other, wants two signals and an update, and ends when it has all of them.
/// </summary>
/// <param name="transport">The connection of the moment: a server that was restarted has another one.</param>
internal sealed class Workload(Func<RpcTransport> transport)
{
    private const string Namespace = "default";
    private const string Parent = "parent";
    private const string Child = "child";

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentDictionary<string, string> startedRuns = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<(string WorkflowId, string RequestId)> signals = [];
    private readonly ConcurrentBag<(string WorkflowId, string UpdateId)> updates = [];
    private readonly ConcurrentDictionary<(string RunId, string ActivityId), ConcurrentBag<string>> results = new();
    private int executions;

    /// <summary>Calls that the server said yes to.</summary>
    public int Acknowledged => startedRuns.Count + signals.Count + updates.Count + results.Count;

    /// <summary>One client: starts the workflow, signals it twice, updates it and waits for its end, each until it is acknowledged.</summary>
    public async Task RunWorkflowAsync(string workflowId, CancellationToken cancellation)
    {
        var start = new StartWorkflowExecutionRequest
        {
            Namespace = Namespace, WorkflowId = workflowId, WorkflowType = new() { Name = Parent }, TaskQueue = new() { Name = RunDriver.Queue },
            RequestId = Guid.NewGuid().ToString(), Identity = "client",
        };
        startedRuns[workflowId] = (await UntilAcknowledgedAsync(WorkflowServiceMethods.StartWorkflowExecution, start, cancellation)).RunId;
        for (var i = 0; i < 2; i++)
        {
            var signal = new SignalWorkflowExecutionRequest
            {
                Namespace = Namespace, WorkflowExecution = new() { WorkflowId = workflowId }, SignalName = "go", RequestId = Guid.NewGuid().ToString(),
            };
            await UntilAcknowledgedAsync(WorkflowServiceMethods.SignalWorkflowExecution, signal, cancellation);
            signals.Add((workflowId, signal.RequestId));
        }
        var update = new UpdateWorkflowExecutionRequest
        {
            Namespace = Namespace,
            WorkflowExecution = new() { WorkflowId = workflowId },
            WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed },
            Request = new() { Meta = new() { UpdateId = "update-" + workflowId }, Input = new() { Name = "update" } },
        };
        while ((await UntilAcknowledgedAsync(WorkflowServiceMethods.UpdateWorkflowExecution, update, cancellation)).Outcome is null)
        {
            // The wait was over first.
        }
        updates.Add((workflowId, update.Request.Meta.UpdateId));
        while ((await HistoryAsync(workflowId, cancellation))[^1].EventType != EventType.WorkflowExecutionCompleted)
        {
            await Task.Delay(20, cancellation);
        }
    }

    /// <summary>One worker for workflow tasks.</summary>
    public Task DecideAsync(CancellationToken cancellation) => LoopAsync(async () =>
    {
        var task = await CallAsync(
            WorkflowServiceMethods.PollWorkflowTaskQueue,
            new PollWorkflowTaskQueueRequest { Namespace = Namespace, TaskQueue = new() { Name = RunDriver.Queue }, Identity = "worker" },
            cancellation);
        if (!task.TaskToken.IsEmpty)
        {
            await CallAsync(WorkflowServiceMethods.RespondWorkflowTaskCompleted, Decide(task), cancellation);
        }
    }, cancellation);

    /// <summary>One worker for activities; each execution has a result of its own.</summary>
    public Task ActAsync(CancellationToken cancellation) => LoopAsync(async () =>
    {
        var task = await CallAsync(
            WorkflowServiceMethods.PollActivityTaskQueue,
            new PollActivityTaskQueueRequest { Namespace = Namespace, TaskQueue = new() { Name = RunDriver.Queue }, Identity = "worker" },
            cancellation);
        if (task.TaskToken.IsEmpty)
        {
            return;
        }
        var result = $"execution {Interlocked.Increment(ref executions)}";
        await CallAsync(
            WorkflowServiceMethods.RespondActivityTaskCompleted,
            new RespondActivityTaskCompletedRequest
            {
                Namespace = Namespace, TaskToken = task.TaskToken, Result = new() { Payloads_ = { new Payload { Data = ByteString.CopyFromUtf8(result) } } },
            },
            cancellation);
        results.GetOrAdd((task.WorkflowExecution.RunId, task.ActivityId), static _ => []).Add(result);
    }, cancellation);

    /// <summary>What was acknowledged is there, once; every history is whole; every execution has ended.</summary>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        foreach (var (workflowId, runId) in startedRuns)
        {
            var history = await HistoryAsync(workflowId, cancellation);
            HistoryRules.Check(history);
            history[0].WorkflowExecutionStartedEventAttributes.OriginalExecutionRunId.ShouldBe(runId, "the acknowledged run is the one that ran");
            history[^1].EventType.ShouldBe(EventType.WorkflowExecutionCompleted);
            history.Where(static e => e.EventType == EventType.WorkflowExecutionSignaled).Count()
                .ShouldBe(signals.Count(signal => signal.WorkflowId == workflowId), $"{workflowId}: each acknowledged signal once, and no other");
            history.Where(static e => e.EventType == EventType.WorkflowExecutionUpdateCompleted).Select(static e => e.WorkflowExecutionUpdateCompletedEventAttributes.Meta.UpdateId)
                .ShouldBe(updates.Where(update => update.WorkflowId == workflowId).Select(static update => update.UpdateId), $"{workflowId}: the acknowledged update");
            var completed = history.Where(static e => e.EventType == EventType.ActivityTaskCompleted).ToArray();
            completed.Length.ShouldBe(1, $"{workflowId}: an activity result is applied once");
            if (results.TryGetValue((runId, "activity"), out var acknowledged))
            {
                acknowledged.Distinct().ShouldBe([completed[0].ActivityTaskCompletedEventAttributes.Result.Payloads_[0].Data.ToStringUtf8()], $"{workflowId}: the acknowledged result");
            }
            history.Count(static e => e.EventType == EventType.TimerFired).ShouldBe(1);
            history.Count(static e => e.EventType == EventType.ChildWorkflowExecutionCompleted).ShouldBe(1);
            HistoryRules.Check(await HistoryAsync("child-" + workflowId, cancellation));
        }
    }

    private static RespondWorkflowTaskCompletedRequest Decide(PollWorkflowTaskQueueResponse task)
    {
        var answer = new RespondWorkflowTaskCompletedRequest { Namespace = Namespace, TaskToken = task.TaskToken, Identity = "worker" };
        foreach (var update in task.Messages)
        {
            answer.Accept(update);
            answer.Answer(update.ProtocolInstanceId);
        }
        var events = task.History.Events;
        bool Has(EventType type, int times = 1) => events.Count(e => e.EventType == type) >= times;
        if (task.WorkflowType.Name == Child)
        {
            answer.Commands.Add(WorkerCommands.Complete());
        }
        else if (!Has(EventType.ActivityTaskScheduled))
        {
            answer.Commands.Add(WorkerCommands.Activity("activity", static activity => activity.StartToCloseTimeout = RunDriver.Seconds(3)));
            answer.Commands.Add(WorkerCommands.Timer("timer", 1));
            answer.Commands.Add(WorkerCommands.Child("child-" + task.WorkflowExecution.WorkflowId));
        }
        else if (Has(EventType.ActivityTaskCompleted) && Has(EventType.TimerFired) && Has(EventType.ChildWorkflowExecutionCompleted) &&
            Has(EventType.WorkflowExecutionSignaled, times: 2) && (task.Messages.Count > 0 || Has(EventType.WorkflowExecutionUpdateCompleted)))
        {
            answer.Commands.Add(WorkerCommands.Complete());
        }
        return answer;
    }

    private async Task<IReadOnlyList<HistoryEvent>> HistoryAsync(string workflowId, CancellationToken cancellation)
    {
        var events = new List<HistoryEvent>();
        var request = new GetWorkflowExecutionHistoryRequest { Namespace = Namespace, Execution = new() { WorkflowId = workflowId } };
        do
        {
            var page = await UntilAcknowledgedAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, request, cancellation);
            events.AddRange(page.History.Events);
            request.NextPageToken = page.NextPageToken;
        }
        while (!request.NextPageToken.IsEmpty);
        return events;
    }

    // As SDKs do: the same request, until somebody answers it.
    private async Task<TResponse> UntilAcknowledgedAsync<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        while (true)
        {
            try
            {
                return await CallAsync(method, request, cancellation);
            }
            catch (RpcFaultException fault) when (IsTransient(fault.Code))
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    private static async Task LoopAsync(Func<Task> work, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await work();
            }
            catch (RpcFaultException fault) when (IsTransient(fault.Code) || fault.Code is RpcStatusCode.NotFound or RpcStatusCode.InvalidArgument)
            {
                // The task was lost, timed out, or was answered before: another worker has it.
                await Task.Delay(Pause, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                // The end.
            }
        }
    }

    private static bool IsTransient(RpcStatusCode code) => code is RpcStatusCode.Unavailable or RpcStatusCode.DeadlineExceeded or RpcStatusCode.ResourceExhausted or RpcStatusCode.Aborted
        or RpcStatusCode.FailedPrecondition; // the workflow task fails at the moment

    private Task<TResponse> CallAsync<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
        => transport().CallAsync(method, request, new RpcCallOptions(CallTimeout), cancellation);
}
