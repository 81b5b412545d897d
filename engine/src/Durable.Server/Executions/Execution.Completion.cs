using Durable.Protocol;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Executions;

/// <summary>RespondWorkflowTaskCompleted: events of the completion, commands, messages, queries, the next task.</summary>
public sealed partial class Execution
{
    private const string InlineRequestId = "request-from-RespondWorkflowTaskCompleted";

    // Longer than any worker's pause; what waits for a sticky queue is bound by it.
    private static readonly TimeSpan LongestSticky = TimeSpan.FromDays(1);

    // A local activity that never ends must not hold a worker's slot for ever; the genuine server's limit.
    private static readonly TimeSpan HeartbeatsMaximum = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Applies a worker's answer. A refused one (<see cref="TaskCompletion.Fault"/>) may still have changed the run: the decision is
    /// stored before the fault is told.
    /// </summary>
    public TaskCompletion CompleteWorkflowTask(TaskToken token, RespondWorkflowTaskCompletedRequest request, DateTimeOffset now)
    {
        var task = VerifyTask(token);
        RequireCloseCommandLast(request);
        RequireKnownNamespaces(request);
        AnswerQueries(request.QueryResults);
        if (CanDrop(task, request))
        {
            return DropSpeculativeTask(request, now);
        }
        var before = state.Clone();
        var updatesBefore = SnapshotUpdates();
        var eventsBefore = newEvents.Count;
        var recentBefore = recent.Count;
        var effectsBefore = effects.Count;
        var wasSpeculative = speculative;
        try
        {
            var completion = Apply(task, request, now);
            TrimRecent(task.StartedEventId + 1);
            return completion;
        }
        catch (CommandFailure refused)
        {
            state = before;
            speculative = wasSpeculative;
            RestoreUpdates(updatesBefore);
            newEvents.RemoveRange(eventsBefore, newEvents.Count - eventsBefore);
            recent.RemoveRange(recentBefore, recent.Count - recentBefore);
            effects.RemoveRange(effectsBefore, effects.Count - effectsBefore);
            return Refuse(refused, request, now);
        }
    }

    private TaskCompletion Refuse(CommandFailure refused, RespondWorkflowTaskCompletedRequest request, DateTimeOffset now)
    {
        var unhandled = refused.Cause == WorkflowTaskFailedCause.UnhandledCommand;
        var message = unhandled ? "UnhandledCommand" : $"{refused.Cause}: {refused.Message}";
        var fault = Faults.InvalidArgument(message);
        if (refused.ClosesRun)
        {
            AbortSentUpdates();
            Append(EventType.WorkflowTaskFailed, now, e => e.WorkflowTaskFailedEventAttributes = new()
            {
                ScheduledEventId = state.WorkflowTask!.ScheduledEventId,
                StartedEventId = state.WorkflowTask.StartedEventId,
                Cause = refused.Cause,
                Failure = new Failure { Message = message, ServerFailureInfo = new() },
                Identity = request.Identity,
            });
            state.WorkflowTask = null;
            TerminateRun(message, "history-service", null, now);
            return new TaskCompletion { Fault = fault };
        }
        if (state.WorkflowTask!.Attempt == 1 || unhandled)
        {
            AbortSentUpdates();
            FailTask(refused.Cause, new Failure { Message = message, ServerFailureInfo = new() }, request.Identity, now, resetAttempt: unhandled);
        }
        return new TaskCompletion { Fault = fault };
    }

    // A worker that says it can drops a discarded task's events from what it remembers, but not too many of them.
    private const int DroppableEvents = 10;

    /// <summary>A speculative task that only rejects leaves no trace, if the worker can do without the events it was shown.</summary>
    private bool CanDrop(WorkflowTaskState task, RespondWorkflowTaskCompletedRequest request)
    {
        if (!speculative || request.Commands.Count > 0 || request.ForceCreateNewWorkflowTask || !OnlyRejections(request))
        {
            return false;
        }
        // Before the first completion, WORKFLOW_EXECUTION_STARTED does not count: it comes again with the first task anyway.
        var shown = task.ScheduledEventId - Math.Max(state.LastCompletedEventId, 1) - 1;
        return shown <= (request.Capabilities?.DiscardSpeculativeWorkflowTaskWithEvents == true ? DroppableEvents : 0);
    }

    private TaskCompletion DropSpeculativeTask(RespondWorkflowTaskCompletedRequest request, DateTimeOffset now)
    {
        Machines.WorkflowTask.Next(WorkflowTaskPhase.Started, WorkflowTaskEvent.Drop);
        state.WorkflowTask = null;
        speculative = false;
        foreach (var message in request.Messages)
        {
            if (message.Body.Is(Rejection.Descriptor))
            {
                RejectUpdate(message.ProtocolInstanceId, message.Body.Unpack<Rejection>().Failure);
            }
        }
        RejectUnanswered();
        SetSticky(request);
        if (HasAdmittedUpdates())
        {
            ScheduleWorkflowTask(now, asSpeculative: true);
        }
        var reset = state.PreviousStartedEventId;
        var next = StartInline(request, now);
        ReturnQueries(keepSent: next is not null);
        return new TaskCompletion { ResetHistoryEventId = reset, Next = next };
    }

    private static bool OnlyRejections(RespondWorkflowTaskCompletedRequest request)
    {
        foreach (var message in request.Messages)
        {
            if (!message.Body.Is(Rejection.Descriptor))
            {
                return false;
            }
        }
        return true;
    }

    private TaskCompletion Apply(WorkflowTaskState task, RespondWorkflowTaskCompletedRequest request, DateTimeOffset now)
    {
        if (speculative)
        {
            PersistSpeculativeTask();
        }
        else if (task.Attempt > 1)
        {
            PersistTaskEvents();
        }
        task = state.WorkflowTask!;
        var isHeartbeat = request.ForceCreateNewWorkflowTask && request.Commands.Count == 0 && request.Messages.Count == 0;
        if (isHeartbeat && now - task.OriginalScheduledTime.ToDateTimeOffset() > HeartbeatsMaximum)
        {
            TimeOutStartedTask(now);
            return new TaskCompletion { Fault = Faults.NotFound("workflow task heartbeat timeout") };
        }
        Machines.WorkflowTask.Next(WorkflowTaskPhase.Started, WorkflowTaskEvent.Complete);
        var completed = Append(EventType.WorkflowTaskCompleted, now, e =>
        {
            e.WorkflowTaskCompletedEventAttributes = new()
            {
                ScheduledEventId = task.ScheduledEventId,
                StartedEventId = task.StartedEventId,
                Identity = request.Identity,
                SdkMetadata = request.SdkMetadata,
                MeteringMetadata = request.MeteringMetadata,
                WorkerVersion = request.WorkerVersionStamp,
            };
            AddVersion(e.WorkflowTaskCompletedEventAttributes, request);
        });
        state.WorkflowTask = null;
        closeAttempted = false;
        state.WorkflowTaskAttempt = 1;
        state.PreviousStartedEventId = task.StartedEventId;
        state.LastCompletedEventId = completed.EventId;
        SetSticky(request);
        RecordBuildId(request, completed.EventId, now);
        RecordVersion(completed.WorkflowTaskCompletedEventAttributes, now);

        var results = new CommandResults();
        HashSet<string>? referenced = null;
        foreach (var command in request.Commands)
        {
            if (command is { CommandType: CommandType.ProtocolMessage, ProtocolMessageCommandAttributes.MessageId: { } messageId })
            {
                (referenced ??= []).Add(messageId);
            }
        }
        foreach (var message in request.Messages)
        {
            // Without a command and without an event. First, since a close that comes with it would end the update in another way.
            if (message.Body.Is(Rejection.Descriptor))
            {
                ApplyMessage(message, completed.EventId, now);
            }
        }
        foreach (var command in request.Commands)
        {
            ApplyCommand(command, request, completed.EventId, results, now);
        }
        foreach (var message in request.Messages)
        {
            if (!message.Body.Is(Rejection.Descriptor) && (referenced is null || !referenced.Contains(message.Id)))
            {
                ApplyMessage(message, completed.EventId, now);
            }
        }
        var hasNews = state.BufferedEvents.Count > 0 || results.Cancellations.Count > 0;
        if (IsRunning)
        {
            if (!request.ForceCreateNewWorkflowTask)
            {
                RejectUnanswered();
            }
            state.BufferedEvents.AddRange(results.Cancellations);
            FlushBuffer();
            EnforceHistoryLimits(now);
        }
        if (IsRunning)
        {
            if (request.ForceCreateNewWorkflowTask || hasNews)
            {
                ScheduleWorkflowTask(now, original: isHeartbeat ? task.OriginalScheduledTime : null);
            }
            else if (HasAdmittedUpdates())
            {
                ScheduleWorkflowTask(now, asSpeculative: true);
            }
        }
        var next = StartInline(request, now);
        if (next is null)
        {
            // The worker that has them under way is not the one that gets the next task: it must see them again.
            ReturnUpdates();
        }
        ReturnQueries(keepSent: next is not null);
        return new TaskCompletion { EagerActivities = results.EagerActivities, Next = next };
    }

    /// <summary>The next task goes back in the answer when there is one and the worker asked for it: no queue, no poll.</summary>
    private WorkflowTaskStart? StartInline(RespondWorkflowTaskCompletedRequest request, DateTimeOffset now)
    {
        if (!IsRunning || !request.ReturnNewWorkflowTask || state.WorkflowTask is not { StartedEventId: 0 })
        {
            return null;
        }
        stamp++;
        effects.RemoveAll(static effect => effect is WorkflowTaskReady);
        return StartTask(InlineRequestId, request.Identity, sticky: true, now);
    }

    private void SetSticky(RespondWorkflowTaskCompletedRequest request)
    {
        if (request.StickyAttributes is { WorkerTaskQueue.Name.Length: > 0 } sticky)
        {
            if (state.StickyTaskQueue != sticky.WorkerTaskQueue.Name)
            {
                changed = true;
            }
            state.StickyTaskQueue = sticky.WorkerTaskQueue.Name;
            state.StickyScheduleToStartTimeout = Durations.Within(sticky.ScheduleToStartTimeout, LongestSticky).ToDuration();
        }
        else
        {
            state.StickyTaskQueue = "";
            state.StickyScheduleToStartTimeout = null;
        }
    }

    /// <summary>A history that nothing can replay any more must not grow on.</summary>
    private void EnforceHistoryLimits(DateTimeOffset now)
    {
        if (state.NextEventId - 1 > context.Limits.HistoryEventsError)
        {
            CloseByServer(now, "Workflow history count exceeds limit.");
        }
        else if (state.HistorySizeBytes > context.Limits.HistoryBytesError)
        {
            CloseByServer(now, "Workflow history size exceeds limit.");
        }
    }

    private static void RequireCloseCommandLast(RespondWorkflowTaskCompletedRequest request)
    {
        foreach (var command in request.Commands)
        {
            if (command.CommandType == CommandType.Unspecified || !System.Enum.IsDefined(command.CommandType))
            {
                throw Faults.InvalidArgument($"Unknown command type: {command.CommandType}");
            }
        }
        for (var i = 0; i < request.Commands.Count - 1; i++)
        {
            if (request.Commands[i].CommandType is CommandType.CompleteWorkflowExecution or CommandType.FailWorkflowExecution
                or CommandType.CancelWorkflowExecution or CommandType.ContinueAsNewWorkflowExecution)
            {
                var sequence = string.Join(", ", request.Commands.Select(static command => command.CommandType));
                throw Faults.InvalidArgument(
                    $"invalid command sequence: [{sequence}], command {request.Commands[i].CommandType} must be the last command.");
            }
        }
    }

    /// <summary>The answer as a whole is not taken, and its task waits for another one: a namespace may be known a moment later.</summary>
    private void RequireKnownNamespaces(RespondWorkflowTaskCompletedRequest request)
    {
        foreach (var command in request.Commands)
        {
            var name = command.AttributesCase switch
            {
                Command.AttributesOneofCase.StartChildWorkflowExecutionCommandAttributes => command.StartChildWorkflowExecutionCommandAttributes.Namespace,
                Command.AttributesOneofCase.SignalExternalWorkflowExecutionCommandAttributes => command.SignalExternalWorkflowExecutionCommandAttributes.Namespace,
                Command.AttributesOneofCase.RequestCancelExternalWorkflowExecutionCommandAttributes => command.RequestCancelExternalWorkflowExecutionCommandAttributes.Namespace,
                _ => "",
            };
            if (name.Length > 0 && name != state.Namespace)
            {
                context.RequireNamespace(name);
            }
        }
    }

    private void ApplyMessage(Message message, long completedEventId, DateTimeOffset now)
    {
        CheckBlob(message.Body, WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage, $"Message type {Any.GetTypeName(message.Body.TypeUrl)}");
        if (message.Body.Is(Acceptance.Descriptor))
        {
            AcceptUpdate(message, message.Body.Unpack<Acceptance>(), completedEventId, now);
        }
        else if (message.Body.Is(Response.Descriptor))
        {
            CompleteUpdate(message, message.Body.Unpack<Response>(), now);
        }
        else if (message.Body.Is(Rejection.Descriptor))
        {
            RejectUpdate(message.ProtocolInstanceId, message.Body.Unpack<Rejection>().Failure);
        }
        else
        {
            throw new CommandFailure(
                WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage, $"unknown message type: {message.Body.TypeUrl}");
        }
    }
}

/// <summary>What a worker is told after its completion.</summary>
public sealed record TaskCompletion
{
    /// <summary>The completion was refused; told only after the decision is stored.</summary>
    public RpcFaultException? Fault { get; init; }

    public long ResetHistoryEventId { get; init; }

    public IReadOnlyList<ActivityStart> EagerActivities { get; init; } = [];

    /// <summary>The next workflow task, already started, as a sticky (partial) one.</summary>
    public WorkflowTaskStart? Next { get; init; }
}
