using Durable.Protocol;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Recorded;

/// <summary>
/// Plays client, workflow worker and activity worker of recorded runs against a server: everything that came from outside is done again,
/// in the order of the recorded times; what the server does by itself is waited for.
/// </summary>
internal sealed class Player(ServerUnderTest server, IReadOnlyList<RecordedRun> recorded)
{
    private const string Worker = "worker";
    private const string Sticky = "sticky";
    private const string Inline = "request-from-RespondWorkflowTaskCompleted";

    private readonly Dictionary<RecordedRun, string> runIds = [];
    private readonly Dictionary<RecordedRun, PollWorkflowTaskQueueResponse> tasks = [];
    private readonly List<PollWorkflowTaskQueueResponse> otherTasks = [];
    private readonly Dictionary<(RecordedRun, long), PollActivityTaskQueueResponse> activities = [];
    private readonly List<Task> calls = [];

    /// <summary>Plays to the end and gives the histories that the server kept, in the order of the recorded ones.</summary>
    public async Task<IReadOnlyList<History>> PlayAsync()
    {
        var timeline = recorded.SelectMany(static run => run.Events.Select(e => (Run: run, Event: e)))
            .OrderBy(static step => step.Event.EventTime.ToDateTimeOffset());
        foreach (var (run, e) in timeline)
        {
            await DoAsync(run, e);
        }
        var histories = new List<History>();
        foreach (var run in recorded)
        {
            histories.Add(await server.WhileTimeJumpsAsync(() => HistoryAsync(run)));
        }
        await Task.WhenAll(calls);
        return histories;
    }

    private Task DoAsync(RecordedRun run, HistoryEvent e) => e.EventType switch
    {
        EventType.WorkflowExecutionStarted when !run.IsStartedByServer => StartAsync(run),
        EventType.WorkflowExecutionSignaled when e.EventId > 2 && e.WorkflowExecutionSignaledEventAttributes.ExternalWorkflowExecution is null => SignalAsync(run, e),
        EventType.WorkflowExecutionCancelRequested when e.WorkflowExecutionCancelRequestedEventAttributes.ExternalWorkflowExecution is null => CancelAsync(run, e),
        EventType.WorkflowExecutionTerminated when e.WorkflowExecutionTerminatedEventAttributes.Identity != "history-service" => TerminateAsync(run, e),
        EventType.WorkflowTaskScheduled => UpdateAsync(run, e),
        EventType.WorkflowTaskStarted => StartTaskAsync(run, e),
        EventType.WorkflowTaskCompleted => CompleteTaskAsync(run, e),
        EventType.ActivityTaskStarted => StartActivityAsync(run, e),
        EventType.ActivityTaskCompleted => CompleteActivityAsync(run, e),
        EventType.ActivityTaskFailed => FailActivityAsync(run, e),
        EventType.ActivityTaskCanceled when e.ActivityTaskCanceledEventAttributes.StartedEventId > 0 => CancelActivityAsync(run, e),
        // Commands made it, or the server does.
        _ => Task.CompletedTask,
    };

    private async Task StartAsync(RecordedRun run)
    {
        var started = run.Started;
        var start = new StartWorkflowExecutionRequest
        {
            Namespace = "default",
            WorkflowId = run.WorkflowId,
            WorkflowType = started.WorkflowType,
            TaskQueue = started.TaskQueue,
            Input = started.Input,
            // A run time-out that the server filled in from the execution's is filled in again.
            WorkflowExecutionTimeout = started.WorkflowExecutionTimeout,
            WorkflowRunTimeout = started.WorkflowExecutionTimeout is null ? started.WorkflowRunTimeout : null,
            WorkflowTaskTimeout = started.WorkflowTaskTimeout,
            WorkflowStartDelay = started.FirstWorkflowTaskBackoff is { } delay && delay.ToTimeSpan() > TimeSpan.Zero ? delay : null,
            RetryPolicy = started.RetryPolicy,
            Memo = started.Memo,
            SearchAttributes = started.SearchAttributes,
            Header = started.Header,
            UserMetadata = run.Events[0].UserMetadata,
            Priority = started.Priority,
            Identity = "client",
            RequestId = Guid.NewGuid().ToString(),
        };
        if (run.Events[1].WorkflowExecutionSignaledEventAttributes is { } signal)
        {
            var response = await server.CallAsync(WorkflowServiceMethods.SignalWithStartWorkflowExecution, new()
            {
                Namespace = start.Namespace,
                WorkflowId = start.WorkflowId,
                WorkflowType = start.WorkflowType,
                TaskQueue = start.TaskQueue,
                Input = start.Input,
                Header = start.Header,
                Identity = start.Identity,
                RequestId = start.RequestId,
                SignalName = signal.SignalName,
                SignalInput = signal.Input,
            });
            runIds[run] = response.RunId;
            return;
        }
        runIds[run] = (await server.CallAsync(WorkflowServiceMethods.StartWorkflowExecution, start)).RunId;
    }

    private Task SignalAsync(RecordedRun run, HistoryEvent e)
    {
        var signal = e.WorkflowExecutionSignaledEventAttributes;
        return server.CallAsync(WorkflowServiceMethods.SignalWorkflowExecution, new()
        {
            Namespace = "default",
            WorkflowExecution = new() { WorkflowId = run.WorkflowId },
            SignalName = signal.SignalName,
            Input = signal.Input,
            Header = signal.Header,
            Identity = signal.Identity,
            RequestId = Guid.NewGuid().ToString(),
        });
    }

    private Task CancelAsync(RecordedRun run, HistoryEvent e) => server.CallAsync(WorkflowServiceMethods.RequestCancelWorkflowExecution, new()
    {
        Namespace = "default",
        WorkflowExecution = new() { WorkflowId = run.WorkflowId },
        Reason = e.WorkflowExecutionCancelRequestedEventAttributes.Cause,
        Identity = e.WorkflowExecutionCancelRequestedEventAttributes.Identity,
        RequestId = Guid.NewGuid().ToString(),
    });

    private Task TerminateAsync(RecordedRun run, HistoryEvent e)
    {
        var terminated = e.WorkflowExecutionTerminatedEventAttributes;
        return server.CallAsync(WorkflowServiceMethods.TerminateWorkflowExecution, new()
        {
            Namespace = "default",
            WorkflowExecution = new() { WorkflowId = run.WorkflowId },
            Reason = terminated.Reason,
            Details = terminated.Details,
            Identity = terminated.Identity,
        });
    }

    /// <summary>An update comes at the time at which its task was scheduled, or rides on the first one.</summary>
    private async Task UpdateAsync(RecordedRun run, HistoryEvent scheduled)
    {
        if (run.CompletionOf(scheduled) is not { } completed)
        {
            return;
        }
        foreach (var e in run.CommandEvents(completed))
        {
            if (e.WorkflowExecutionUpdateAcceptedEventAttributes is not { } accepted)
            {
                continue;
            }
            calls.Add(server.CallAsync(WorkflowServiceMethods.UpdateWorkflowExecution, new()
            {
                Namespace = "default",
                WorkflowExecution = new() { WorkflowId = run.WorkflowId },
                WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed },
                Request = accepted.AcceptedRequest,
            }));
            await AdmittedAsync(run, accepted.ProtocolInstanceId);
        }
    }

    private async Task AdmittedAsync(RecordedRun run, string updateId)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var poll = new PollWorkflowExecutionUpdateRequest { Namespace = "default", UpdateRef = new() { WorkflowExecution = new() { WorkflowId = run.WorkflowId }, UpdateId = updateId } };
        while (true)
        {
            try
            {
                await server.CallAsync(WorkflowServiceMethods.PollWorkflowExecutionUpdate, poll);
                return;
            }
            catch (RpcFaultException fault) when (fault.Code == RpcStatusCode.NotFound)
            {
                await Task.Delay(5, late.Token);
            }
        }
    }

    private async Task StartTaskAsync(RecordedRun run, HistoryEvent started)
    {
        if (started.WorkflowTaskStartedEventAttributes.RequestId == Inline)
        {
            tasks.ShouldContainKey(run, $"{run.WorkflowId}: the answer to the last completion had no task for event {started.EventId}");
            return;
        }
        var scheduled = started.WorkflowTaskStartedEventAttributes.ScheduledEventId;
        var queue = run.At(scheduled).WorkflowTaskScheduledEventAttributes.TaskQueue;
        var timesOut = run.At(scheduled - 1).EventType == EventType.ActivityTaskTimedOut;
        while (true)
        {
            if (otherTasks.Find(task => IsOf(task, run)) is { } waiting)
            {
                otherTasks.Remove(waiting);
                tasks[run] = waiting;
                return;
            }
            var polled = await server.WhileTimeJumpsAsync(
                () => server.CallAsync(WorkflowServiceMethods.PollWorkflowTaskQueue, new()
                {
                    Namespace = "default",
                    TaskQueue = queue.Kind == TaskQueueKind.Sticky ? StickyOf(run) : queue,
                    Identity = Worker,
                }),
                goes: timesOut);
            polled.TaskToken.IsEmpty.ShouldBeFalse($"{run.WorkflowId}: no task for event {started.EventId}");
            otherTasks.Add(polled);
        }
    }

    private bool IsOf(PollWorkflowTaskQueueResponse task, RecordedRun run)
    {
        if (task.WorkflowExecution.WorkflowId != run.WorkflowId)
        {
            return false;
        }
        if (!runIds.ContainsKey(run) && !runIds.ContainsValue(task.WorkflowExecution.RunId))
        {
            runIds[run] = task.WorkflowExecution.RunId;
        }
        return runIds.TryGetValue(run, out var runId) && runId == task.WorkflowExecution.RunId;
    }

    private async Task CompleteTaskAsync(RecordedRun run, HistoryEvent completed)
    {
        var attributes = completed.WorkflowTaskCompletedEventAttributes;
        var request = new RespondWorkflowTaskCompletedRequest
        {
            TaskToken = tasks[run].TaskToken,
            Identity = Worker,
            SdkMetadata = attributes.SdkMetadata,
            MeteringMetadata = attributes.MeteringMetadata,
            StickyAttributes = new() { WorkerTaskQueue = StickyOf(run), ScheduleToStartTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(10)) },
            Capabilities = new() { DiscardSpeculativeWorkflowTaskWithEvents = true },
            ReturnNewWorkflowTask = run.Events.FirstOrDefault(e => e.EventId > completed.EventId && e.WorkflowTaskStartedEventAttributes is not null)
                ?.WorkflowTaskStartedEventAttributes.RequestId == Inline,
        };
        foreach (var e in run.CommandEvents(completed))
        {
            await StartUnnoticedAsync(run, e);
            RecordedCommands.Add(request, e, run, MapRun);
        }
        tasks.Remove(run);
        await PollStickyAsync(run);
        var response = await server.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskCompleted, request);
        if (response.WorkflowTask is { } next)
        {
            tasks[run] = next;
        }
    }

    /// <summary>Polls once: a sticky queue that nobody polls gets no tasks.</summary>
    private async Task PollStickyAsync(RecordedRun run)
    {
        var describe = new DescribeTaskQueueRequest { Namespace = "default", TaskQueue = StickyOf(run), TaskQueueType = TaskQueueType.Workflow };
        do
        {
            // The server answers a second before the time of its caller; when those ten milliseconds are over before it begins, it was no poll.
            await server.CallAsync(
                WorkflowServiceMethods.PollWorkflowTaskQueue.Name,
                new PollWorkflowTaskQueueRequest { Namespace = "default", TaskQueue = StickyOf(run), Identity = Worker },
                TimeSpan.FromMilliseconds(1010));
        }
        while ((await server.CallAsync(WorkflowServiceMethods.DescribeTaskQueue, describe)).Pollers.Count == 0);
    }

    private async Task StartActivityAsync(RecordedRun run, HistoryEvent e)
    {
        var started = e.ActivityTaskStartedEventAttributes;
        var scheduled = run.At(started.ScheduledEventId).ActivityTaskScheduledEventAttributes;
        while (true)
        {
            var polled = await server.WhileTimeJumpsAsync(() => server.CallAsync(
                WorkflowServiceMethods.PollActivityTaskQueue, new() { Namespace = "default", TaskQueue = scheduled.TaskQueue, Identity = Worker }));
            polled.ActivityId.ShouldBe(scheduled.ActivityId, $"{run.WorkflowId}: activity of event {started.ScheduledEventId}");
            if (polled.Attempt == started.Attempt)
            {
                activities[(run, started.ScheduledEventId)] = polled;
                await HeartbeatAsync(run, e, polled);
                return;
            }
            await server.CallAsync(WorkflowServiceMethods.RespondActivityTaskFailed, new() { TaskToken = polled.TaskToken, Failure = started.LastFailure, Identity = Worker });
        }
    }

    /// <summary>
    /// An activity that is asked to cancel, and of which the history then says neither that it started nor that it is cancelled, was with a worker.
    /// </summary>
    private async Task StartUnnoticedAsync(RecordedRun run, HistoryEvent e)
    {
        if (e.ActivityTaskCancelRequestedEventAttributes is not { ScheduledEventId: var scheduledId } || activities.ContainsKey((run, scheduledId))
            || run.Events.Any(other => other.ActivityTaskCanceledEventAttributes?.ScheduledEventId == scheduledId))
        {
            return;
        }
        var queue = run.At(scheduledId).ActivityTaskScheduledEventAttributes.TaskQueue;
        activities[(run, scheduledId)] = await server.CallAsync(
            WorkflowServiceMethods.PollActivityTaskQueue, new() { Namespace = "default", TaskQueue = queue, Identity = Worker });
    }

    private async Task HeartbeatAsync(RecordedRun run, HistoryEvent started, PollActivityTaskQueueResponse task)
    {
        var timedOut = run.Events.FirstOrDefault(e => e.ActivityTaskTimedOutEventAttributes?.StartedEventId == started.EventId);
        if (timedOut?.ActivityTaskTimedOutEventAttributes.Failure.TimeoutFailureInfo.LastHeartbeatDetails is { } details)
        {
            await server.CallAsync(WorkflowServiceMethods.RecordActivityTaskHeartbeat, new() { TaskToken = task.TaskToken, Details = details, Identity = Worker });
        }
    }

    private Task CompleteActivityAsync(RecordedRun run, HistoryEvent e)
    {
        var completed = e.ActivityTaskCompletedEventAttributes;
        return server.CallAsync(
            WorkflowServiceMethods.RespondActivityTaskCompleted,
            new() { TaskToken = activities[(run, completed.ScheduledEventId)].TaskToken, Result = completed.Result, Identity = Worker });
    }

    private Task FailActivityAsync(RecordedRun run, HistoryEvent e)
    {
        var failed = e.ActivityTaskFailedEventAttributes;
        return server.CallAsync(
            WorkflowServiceMethods.RespondActivityTaskFailed,
            new() { TaskToken = activities[(run, failed.ScheduledEventId)].TaskToken, Failure = failed.Failure, Identity = Worker });
    }

    private Task CancelActivityAsync(RecordedRun run, HistoryEvent e)
    {
        var canceled = e.ActivityTaskCanceledEventAttributes;
        return server.CallAsync(
            WorkflowServiceMethods.RespondActivityTaskCanceled,
            new() { TaskToken = activities[(run, canceled.ScheduledEventId)].TaskToken, Details = canceled.Details, Identity = Worker });
    }

    /// <summary>The whole history, once it has as many events as the recorded one.</summary>
    private async Task<History> HistoryAsync(RecordedRun run)
    {
        var request = new GetWorkflowExecutionHistoryRequest
        {
            Namespace = "default",
            Execution = new() { WorkflowId = run.WorkflowId, RunId = runIds.GetValueOrDefault(run, "") },
            WaitNewEvent = true,
        };
        var history = new History();
        do
        {
            var page = await server.CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, request);
            history.Events.Add(page.History.Events);
            request.NextPageToken = page.NextPageToken;
        }
        while (!request.NextPageToken.IsEmpty && history.Events.Count < run.Events.Count);
        return history;
    }

    private string MapRun(string recordedRunId)
    {
        var run = recorded.FirstOrDefault(run => run.Started.OriginalExecutionRunId == recordedRunId);
        return run is null ? recordedRunId : runIds[run];
    }

    private static TaskQueue StickyOf(RecordedRun run) => new() { Name = Sticky, Kind = TaskQueueKind.Sticky, NormalName = run.Started.TaskQueue.Name };
}
