using Durable.Protocol;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Executions;

/// <summary>RespondWorkflowTaskCompleted: events of the completion, commands, messages, queries, the next task (temporal-wire 5.6).</summary>
public sealed partial class Execution
{
    private const string InlineRequestId = "request-from-RespondWorkflowTaskCompleted";

    /// <summary>
    /// Applies a worker's answer. A refused one (<see cref="TaskCompletion.Fault"/>) may still have changed the run: the decision is
    /// stored before the fault is told.
    /// </summary>
    public TaskCompletion CompleteWorkflowTask(TaskToken token, RespondWorkflowTaskCompletedRequest request, DateTimeOffset now)
    {
        var task = VerifyTask(token);
        RequireCloseCommandLast(request);
        AnswerQueries(request.QueryResults);
        if (speculative && request.Commands.Count == 0 && !request.ForceCreateNewWorkflowTask && OnlyRejections(request) &&
            (request.Capabilities?.DiscardSpeculativeWorkflowTaskWithEvents == true))
        {
            return DropSpeculativeTask(request, now);
        }
        var before = state.Clone();
        var eventsBefore = newEvents.Count;
        var recentBefore = recent.Count;
        var effectsBefore = effects.Count;
        var wasSpeculative = speculative;
        try
        {
            return Apply(task, request, now);
        }
        catch (CommandFailure refused)
        {
            state = before;
            speculative = wasSpeculative;
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
        AbortSentUpdates();
        if (state.WorkflowTask!.Attempt == 1 || unhandled)
        {
            FailTask(refused.Cause, new Failure { Message = message, ServerFailureInfo = new() }, request.Identity, now, resetAttempt: unhandled);
        }
        ReturnQueries();
        return new TaskCompletion { Fault = fault };
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
        ReturnQueries();
        return new TaskCompletion { ResetHistoryEventId = state.PreviousStartedEventId, Next = StartInline(request, now) };
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
        Machines.WorkflowTask.Next(WorkflowTaskPhase.Started, WorkflowTaskEvent.Complete);
        var completed = Append(EventType.WorkflowTaskCompleted, now, e => e.WorkflowTaskCompletedEventAttributes = new()
        {
            ScheduledEventId = task.ScheduledEventId,
            StartedEventId = task.StartedEventId,
            Identity = request.Identity,
            SdkMetadata = request.SdkMetadata,
            MeteringMetadata = request.MeteringMetadata,
            WorkerVersion = request.WorkerVersionStamp,
        });
        state.WorkflowTask = null;
        state.WorkflowTaskAttempt = 1;
        state.PreviousStartedEventId = task.StartedEventId;
        state.LastCompletedEventId = completed.EventId;
        TrimRecent(task.StartedEventId + 1);
        SetSticky(request);
        RecordBuildId(request, completed.EventId, now);

        var eager = new List<ActivityStart>();
        var retryNow = false;
        HashSet<string>? referenced = null;
        foreach (var command in request.Commands)
        {
            if (command.CommandType == CommandType.ProtocolMessage)
            {
                (referenced ??= []).Add(command.ProtocolMessageCommandAttributes.MessageId);
            }
        }
        foreach (var command in request.Commands)
        {
            retryNow |= ApplyCommand(command, request, completed.EventId, eager, now);
        }
        foreach (var message in request.Messages)
        {
            if (referenced is null || !referenced.Contains(message.Id))
            {
                ApplyMessage(message, completed.EventId, now);
            }
        }
        if (IsRunning)
        {
            if (!request.ForceCreateNewWorkflowTask)
            {
                RejectUnanswered();
            }
            var flushed = state.BufferedEvents.Count > 0;
            FlushBuffer();
            if (request.ForceCreateNewWorkflowTask || flushed || retryNow)
            {
                ScheduleWorkflowTask(now, original: request.ForceCreateNewWorkflowTask && request.Commands.Count == 0 ? task.OriginalScheduledTime : null);
            }
            else if (HasAdmittedUpdates())
            {
                ScheduleWorkflowTask(now, asSpeculative: true);
            }
        }
        var next = StartInline(request, now);
        ReturnQueries();
        return new TaskCompletion { EagerActivities = eager, Next = next };
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
            state.StickyScheduleToStartTimeout = sticky.ScheduleToStartTimeout;
        }
        else
        {
            state.StickyTaskQueue = "";
            state.StickyScheduleToStartTimeout = null;
        }
    }

    private static void RequireCloseCommandLast(RespondWorkflowTaskCompletedRequest request)
    {
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

    private void ApplyMessage(Message message, long completedEventId, DateTimeOffset now)
    {
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
