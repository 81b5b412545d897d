using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;

namespace Durable.Server.Executions;

/// <summary>How a run ends, and what follows it: retry, cron, continue-as-new.</summary>
public sealed partial class Execution
{
    private void CloseCommand(Command command, long completedId, DateTimeOffset now)
    {
        switch (command.CommandType)
        {
            case CommandType.CompleteWorkflowExecution:
                Require(
                    command.CompleteWorkflowExecutionCommandAttributes is not null, WorkflowTaskFailedCause.BadCompleteWorkflowExecutionAttributes,
                    "CompleteWorkflowExecutionCommandAttributes is not set on CompleteWorkflowExecutionCommand.");
                var result = command.CompleteWorkflowExecutionCommandAttributes!.Result;
                // The genuine server's cause.
                CheckBlob(result, WorkflowTaskFailedCause.BadScheduleActivityAttributes, "CompleteWorkflowExecutionCommandAttributes.Result");
                var nextCron = CronRun(now, result, null);
                Append(EventType.WorkflowExecutionCompleted, now, e => e.WorkflowExecutionCompletedEventAttributes = new()
                {
                    Result = result,
                    WorkflowTaskCompletedEventId = completedId,
                    NewExecutionRunId = nextCron?.RunId ?? "",
                });
                Closed(ExecutionEvent.Complete, nextCron, now);
                break;
            case CommandType.FailWorkflowExecution:
                Require(
                    command.FailWorkflowExecutionCommandAttributes is not null, WorkflowTaskFailedCause.BadFailWorkflowExecutionAttributes,
                    "FailWorkflowExecutionCommandAttributes is not set on FailWorkflowExecutionCommand.");
                var failure = command.FailWorkflowExecutionCommandAttributes!.Failure
                    ?? throw new CommandFailure(WorkflowTaskFailedCause.BadFailWorkflowExecutionAttributes, "Failure is not set on FailWorkflowExecutionCommand.");
                CheckBlob(failure, WorkflowTaskFailedCause.BadFailWorkflowExecutionAttributes, "FailWorkflowExecutionCommandAttributes.Failure");
                var retry = RetryRun(failure, now, out var retryState) ?? CronRun(now, null, failure);
                Append(EventType.WorkflowExecutionFailed, now, e => e.WorkflowExecutionFailedEventAttributes = new()
                {
                    Failure = failure,
                    RetryState = retryState,
                    WorkflowTaskCompletedEventId = completedId,
                    NewExecutionRunId = retry?.RunId ?? "",
                });
                Closed(ExecutionEvent.Fail, retry, now);
                break;
            case CommandType.CancelWorkflowExecution:
                Require(
                    command.CancelWorkflowExecutionCommandAttributes is not null, WorkflowTaskFailedCause.BadCancelWorkflowExecutionAttributes,
                    "CancelWorkflowExecutionCommandAttributes is not set on CancelWorkflowExecutionCommand.");
                Append(EventType.WorkflowExecutionCanceled, now, e => e.WorkflowExecutionCanceledEventAttributes = new()
                {
                    Details = command.CancelWorkflowExecutionCommandAttributes!.Details,
                    WorkflowTaskCompletedEventId = completedId,
                });
                Closed(ExecutionEvent.Cancel, null, now);
                break;
            default:
                ContinueAsNew(
                    command.ContinueAsNewWorkflowExecutionCommandAttributes ?? throw new CommandFailure(
                        WorkflowTaskFailedCause.BadContinueAsNewAttributes,
                        "ContinueAsNewWorkflowExecutionCommandAttributes is not set on ContinueAsNewWorkflowExecutionCommand."),
                    completedId,
                    now);
                break;
        }
    }

    private void ContinueAsNew(ContinueAsNewWorkflowExecutionCommandAttributes attributes, long completedId, DateTimeOffset now)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadContinueAsNewAttributes;
        CheckContinueAsNew(attributes);
        CheckBlob(attributes.Input, Bad, "ContinueAsNewWorkflowExecutionCommandAttributes. Input");
        CheckMemo(attributes.Memo, Bad, "ContinueAsNewWorkflowExecutionCommandAttributes. Memo");
        CheckSearchAttributes(attributes.SearchAttributes, Bad);
        var old = state.Started;
        var started = old.Clone();
        var runId = context.Ids.NewUuid();
        started.WorkflowType = attributes.WorkflowType is { Name.Length: > 0 } type ? type : old.WorkflowType;
        started.TaskQueue = attributes.TaskQueue is { Name.Length: > 0 } queue ? queue : old.TaskQueue;
        started.Input = attributes.Input;
        started.WorkflowRunTimeout = attributes.WorkflowRunTimeout?.ToTimeSpan() > TimeSpan.Zero ? attributes.WorkflowRunTimeout : old.WorkflowRunTimeout ?? Zero;
        if (old.WorkflowExecutionTimeout is { } whole && (started.WorkflowRunTimeout.ToTimeSpan() == TimeSpan.Zero || started.WorkflowRunTimeout.ToTimeSpan() > whole.ToTimeSpan()))
        {
            started.WorkflowRunTimeout = whole;
        }
        started.WorkflowTaskTimeout = attributes.WorkflowTaskTimeout?.ToTimeSpan() > TimeSpan.Zero ? attributes.WorkflowTaskTimeout : old.WorkflowTaskTimeout;
        if (started.WorkflowRunTimeout.ToTimeSpan() > TimeSpan.Zero && started.WorkflowTaskTimeout.ToTimeSpan() > started.WorkflowRunTimeout.ToTimeSpan())
        {
            started.WorkflowTaskTimeout = started.WorkflowRunTimeout;
        }
        started.Header = attributes.Header;
        started.Memo = attributes.Memo;
        started.SearchAttributes = attributes.SearchAttributes;
        if (attributes.RetryPolicy is not null)
        {
            started.RetryPolicy = Retries.Complete(attributes.RetryPolicy);
        }
        started.Initiator = attributes.Initiator == ContinueAsNewInitiator.Unspecified ? ContinueAsNewInitiator.Workflow : attributes.Initiator;
        started.ContinuedFailure = attributes.Failure;
        started.LastCompletionResult = attributes.LastCompletionResult ?? state.LastCompletionResult;
        started.Attempt = 1;
        started.FirstWorkflowTaskBackoff = attributes.BackoffStartInterval;
        started.OriginalExecutionRunId = runId;
        var fits = started.TaskQueue.Name == TaskQueue
            || (Versioning.VersionOf(state.Versioning) is { } version && context.HasVersion(state.Namespace, started.TaskQueue.Name, version));
        Versioning.Inherit(started, state.Versioning, fits, attributes.InitialVersioningBehavior);
        var next = Follow(runId, started, now);
        Append(EventType.WorkflowExecutionContinuedAsNew, now, e => e.WorkflowExecutionContinuedAsNewEventAttributes = new()
        {
            NewExecutionRunId = runId,
            WorkflowType = started.WorkflowType,
            TaskQueue = started.TaskQueue,
            Input = started.Input,
            WorkflowRunTimeout = started.WorkflowRunTimeout,
            WorkflowTaskTimeout = started.WorkflowTaskTimeout,
            WorkflowTaskCompletedEventId = completedId,
            BackoffStartInterval = attributes.BackoffStartInterval,
            Initiator = attributes.Initiator,
            InheritBuildId = attributes.InheritBuildId,
            Failure = attributes.Failure,
            LastCompletionResult = started.LastCompletionResult,
            Header = attributes.Header,
            Memo = attributes.Memo,
            SearchAttributes = attributes.SearchAttributes,
        });
        Closed(ExecutionEvent.ContinueAsNew, next, now);
    }

    private void CheckContinueAsNew(ContinueAsNewWorkflowExecutionCommandAttributes attributes)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadContinueAsNewAttributes;
        var type = attributes.WorkflowType is { Name.Length: > 0 } given ? given.Name : state.Started.WorkflowType.Name;
        var about = $"WorkflowType={type} TaskQueue={(attributes.TaskQueue is { Name.Length: > 0 } queue ? queue.Name : TaskQueue)}";
        CheckLength(type, Bad, length => $"WorkflowType on ContinueAsNewWorkflowExecutionCommand exceeds length limit. WorkflowType={type} {length}");
        if (attributes.TaskQueue is { Name.Length: > 0 } other)
        {
            CheckTaskQueue(other, Bad, wrong => $"error validating ContinueAsNewWorkflowExecutionCommand TaskQueue: {wrong}. {about}");
        }
        CheckDuration(attributes.WorkflowRunTimeout, Bad, wrong => $"Invalid WorkflowRunTimeout on ContinueAsNewWorkflowExecutionCommand: {wrong}. {about}");
        CheckDuration(attributes.WorkflowTaskTimeout, Bad, wrong => $"Invalid WorkflowTaskTimeout on ContinueAsNewWorkflowExecutionCommand: {wrong}. {about}");
        CheckDuration(attributes.BackoffStartInterval, Bad, wrong => $"Invalid BackoffStartInterval on ContinueAsNewWorkflowExecutionCommand: {wrong}. {about}");
        if (Retries.Check(attributes.RetryPolicy) is { } policy)
        {
            throw new CommandFailure(Bad, $"invalid WorkflowRetryPolicy on ContinueAsNewWorkflowExecutionCommand: {policy}. {about}");
        }
    }

    private StartRun? RetryRun(Failure failure, DateTimeOffset now, out RetryState retryState)
    {
        var policy = state.Started.RetryPolicy;
        if (policy is null)
        {
            retryState = RetryState.RetryPolicyNotSet;
            return null;
        }
        if (!Retries.IsRetryable(failure, policy))
        {
            retryState = RetryState.NonRetryableFailure;
            return null;
        }
        var attempt = state.Started.Attempt;
        if (policy.MaximumAttempts > 0 && attempt >= policy.MaximumAttempts)
        {
            retryState = RetryState.MaximumAttemptsReached;
            return null;
        }
        var interval = Retries.Interval(policy, attempt, failure);
        if (state.Started.WorkflowExecutionExpirationTime is { } expiration && now + interval > expiration.ToDateTimeOffset())
        {
            retryState = RetryState.Timeout;
            return null;
        }
        retryState = RetryState.InProgress;
        var started = state.Started.Clone();
        var runId = context.Ids.NewUuid();
        started.Attempt = attempt + 1;
        started.Initiator = ContinueAsNewInitiator.Retry;
        started.VersioningOverride = PinnedOverride;
        started.ContinuedFailure = failure;
        started.FirstWorkflowTaskBackoff = interval.ToDuration();
        started.OriginalExecutionRunId = runId;
        return Follow(runId, started, now);
    }

    private StartRun? CronRun(DateTimeOffset now, Payloads? result, Failure? failure)
    {
        var cron = state.Started.CronSchedule;
        if (string.IsNullOrEmpty(cron) || Schedules.CronSchedule.TryParse(cron, out _) is not { } schedule)
        {
            return null;
        }
        var backoff = schedule.Next(state.ExecutionTime.ToDateTimeOffset(), now) - now;
        if (backoff is not { } wait || (state.Started.WorkflowExecutionExpirationTime is { } expiration && now + wait > expiration.ToDateTimeOffset()))
        {
            return null;
        }
        var started = state.Started.Clone();
        var runId = context.Ids.NewUuid();
        started.Attempt = 1;
        started.Initiator = ContinueAsNewInitiator.CronSchedule;
        started.VersioningOverride = PinnedOverride;
        started.InheritedPinnedVersion = null;
        started.InheritedAutoUpgradeInfo = null;
        started.ContinuedFailure = failure;
        started.LastCompletionResult = result ?? state.LastCompletionResult;
        started.FirstWorkflowTaskBackoff = wait.ToDuration();
        started.OriginalExecutionRunId = runId;
        return Follow(runId, started, now);
    }

    private StartRun Follow(string runId, WorkflowExecutionStartedEventAttributes started, DateTimeOffset now)
    {
        var resetPoints = state.AutoResetPoints?.Clone();
        foreach (var point in resetPoints?.Points ?? [])
        {
            // From then on this run, which the point is in, may be gone.
            point.ExpireTime ??= (now + context.Retention(Namespace)).ToTimestamp();
        }
        started.ContinuedExecutionRunId = state.RunId;
        started.Identity = "";
        started.EagerExecutionAccepted = false;
        started.PrevAutoResetPoints = resetPoints;
        return new StartRun
        {
            Namespace = state.Namespace,
            WorkflowId = state.WorkflowId,
            RunId = runId,
            RequestId = context.Ids.NewUuid(),
            Attributes = started,
            UserMetadata = state.UserMetadata,
            PreviousResetPoints = resetPoints?.Clone(),
            ScheduleId = state.ScheduleId,
        };
    }

    private void TerminateRun(string reason, string identity, Payloads? details, DateTimeOffset now)
    {
        EndRunningTask(now);
        Append(EventType.WorkflowExecutionTerminated, now, e => e.WorkflowExecutionTerminatedEventAttributes = new()
        {
            Reason = reason,
            Details = details,
            Identity = identity,
        });
        Closed(ExecutionEvent.Terminate, null, now);
    }

    /// <summary>Ends this run for one that takes its workflow id over, in one transaction.</summary>
    public void ReplaceWith(StartRun next, DateTimeOffset now)
    {
        RequireRunning();
        TerminateRun(
            "TerminateIfRunning WorkflowIdReusePolicy", "history-service", new Payloads { Payloads_ = { ServerPayloads.Json($"terminated by new runID: {next.RunId}") } }, now);
        HasFollower = true;
        effects.Add(new NextRun(next));
    }

    /// <summary>Ends this run for one that begins again from an earlier point, in one transaction.</summary>
    /// <param name="isBase">It begins with this run's history: what this run's children are waiting for is told to it, so they live on.</param>
    public void ReplaceWith(Execution reset, bool isBase, string reason, DateTimeOffset now)
    {
        RequireRunning();
        if (isBase)
        {
            LeaveStartedChildren();
        }
        TerminateRun(reason, "history-resetter", null, now);
        HasFollower = true;
        effects.Add(new ReplacedBy(reset));
        NoteReset(reset.RunId);
    }

    private void LeaveStartedChildren()
    {
        foreach (var child in state.Children.Values.Where(static child => child.RunId.Length > 0).ToArray())
        {
            state.Children.Remove(child.InitiatedEventId);
        }
    }

    /// <summary>The run that took this one's place by a reset, and with it its children; empty: none did.</summary>
    public string ResetRunId => state.ResetRunId;

    /// <summary>A run that begins again from a point of this one's history; describe tells of the latest.</summary>
    public void NoteReset(string newRunId)
    {
        state.ResetRunId = newRunId;
        changed = true;
    }

    private void CloseByServer(DateTimeOffset now, string reason) => TerminateRun(reason, "history-service", null, now);

    private void TimeOutRun(bool execution, DateTimeOffset now)
    {
        EndRunningTask(now);
        StartRun? next = null;
        var retryState = RetryState.Timeout;
        if (!execution)
        {
            var failure = new Failure { Message = "workflow timeout", Source = "Server", TimeoutFailureInfo = new() { TimeoutType = TimeoutType.StartToClose } };
            next = RetryRun(failure, now, out retryState) ?? CronRun(now, null, failure);
        }
        Append(EventType.WorkflowExecutionTimedOut, now, e => e.WorkflowExecutionTimedOutEventAttributes = new()
        {
            RetryState = retryState,
            NewExecutionRunId = next?.RunId ?? "",
        });
        Closed(ExecutionEvent.TimeOut, next, now);
    }

    /// <summary>The run ends from outside: a task with attempt 1 that a worker has leaves WORKFLOW_TASK_FAILED, then the buffer follows.</summary>
    private void EndRunningTask(DateTimeOffset now)
    {
        if (state.WorkflowTask is { } task)
        {
            var phase = WorkflowTaskPhase;
            if (phase == WorkflowTaskPhase.Started && task.Attempt == 1 && !speculative)
            {
                Append(EventType.WorkflowTaskFailed, now, e => e.WorkflowTaskFailedEventAttributes = new()
                {
                    ScheduledEventId = task.ScheduledEventId,
                    StartedEventId = task.StartedEventId,
                    Cause = WorkflowTaskFailedCause.ForceCloseCommand,
                    Identity = "history-service",
                });
            }
            Machines.WorkflowTask.Next(phase, WorkflowTaskEvent.CloseRun);
            state.WorkflowTask = null;
            speculative = false;
        }
        FlushBuffer();
    }

    private void Closed(ExecutionEvent how, StartRun? next, DateTimeOffset now)
    {
        var close = newEvents[^1];
        state.Status = Machines.Execution.Next(state.Status, how);
        state.CloseTime = now.ToTimestamp();
        state.FirstWorkflowTaskAt = null;
        state.StickyTaskQueue = "";
        held = false;
        deferFirstTask = false;
        stamp++;
        changed = true;
        VisibilityChanged = true;
        CloseUpdates(next is not null);
        state.Activities.Clear();
        state.Timers.Clear();
        state.Externals.Clear();
        dispatched.Clear();
        CloseChildren();
        ReturnQueries();
        if (next is not null)
        {
            HasFollower = true;
            effects.Add(new NextRun(next));
        }
        else if (state.Started.ParentWorkflowExecution is { WorkflowId.Length: > 0 })
        {
            state.Outbox.Add(new OutboxEntry { Id = close.EventId, NotifyParent = close });
        }
        else if (state.ScheduleId.Length > 0)
        {
            state.Outbox.Add(new OutboxEntry { Id = close.EventId, NotifySchedule = close });
        }
    }

    /// <summary>
    /// A signal that was under way still arrives, a cancel request does not; a child that was not started yet is started only when it
    /// would outlive its parent. Children whose start is not known stay in the table: the answer may be on its way.
    /// </summary>
    private void CloseChildren()
    {
        for (var i = state.Outbox.Count - 1; i >= 0; i--)
        {
            var entry = state.Outbox[i];
            var isObsolete = entry.ActionCase == OutboxEntry.ActionOneofCase.CancelExternal
                || (entry.ActionCase == OutboxEntry.ActionOneofCase.StartChild
                    && state.Children.TryGetValue(entry.StartChild, out var unstarted) && unstarted.ParentClosePolicy != ParentClosePolicy.Abandon);
            if (isObsolete)
            {
                state.Outbox.RemoveAt(i);
            }
        }
        List<long>? settled = null;
        foreach (var child in state.Children.Values)
        {
            if (child.RunId.Length == 0)
            {
                continue;
            }
            if (child.ParentClosePolicy != ParentClosePolicy.Abandon)
            {
                state.Outbox.Add(new OutboxEntry { Id = child.InitiatedEventId, CloseChild = child.Clone() });
            }
            (settled ??= []).Add(child.InitiatedEventId);
        }
        foreach (var initiatedId in settled ?? [])
        {
            state.Children.Remove(initiatedId);
        }
    }
}
