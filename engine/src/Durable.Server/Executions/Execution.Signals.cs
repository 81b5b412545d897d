using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Executions;

/// <summary>What reaches a run from other runs and from clients: signals, cancel requests, termination, answers of children and externals.</summary>
public sealed partial class Execution
{
    /// <summary>A signal. The same request id again leaves one event, also after the run has closed.</summary>
    public void Signal(
        string name, Payloads? input, Header? header, string identity, string requestId, DateTimeOffset now,
        WorkflowExecution? from = null, bool wakesDelayed = false)
    {
        if (requestId.Length > 0 && state.RequestIds.ContainsKey(requestId) && requestId != state.CreateRequestId)
        {
            return;
        }
        RequireRunning();
        if (state.SignalCount >= context.Limits.SignalsPerRun)
        {
            throw Faults.InvalidArgument("exceeded workflow execution limit for signal events");
        }
        RequireNotClosing();
        state.SignalCount++;
        var e = External(EventType.WorkflowExecutionSignaled, now, e => e.WorkflowExecutionSignaledEventAttributes = new()
        {
            SignalName = name,
            Input = input,
            Identity = identity,
            Header = header,
            ExternalWorkflowExecution = from,
            RequestId = requestId,
        });
        if (requestId.Length > 0 && requestId != state.CreateRequestId)
        {
            ForgetOldSignals();
            state.RequestIds[requestId] = new() { EventType = EventType.WorkflowExecutionSignaled, EventId = e.EventId, Buffered = e.EventId == 0 };
        }
        if (wakesDelayed && state.FirstWorkflowTaskAt is not null)
        {
            state.FirstWorkflowTaskAt = null;
        }
        // Signals make a history grow that no worker looks at.
        EnforceHistoryLimits(now);
        if (IsRunning)
        {
            EnsureWorkflowTask(now);
        }
    }

    // Calls are repeated within seconds: remembering every signal of a long run would only make each of its commits larger.
    private const int RememberedRequestIds = 1_000;

    private void ForgetOldSignals()
    {
        if (state.RequestIds.Count < RememberedRequestIds)
        {
            return;
        }
        var oldest = "";
        var oldestEventId = long.MaxValue;
        foreach (var (requestId, info) in state.RequestIds)
        {
            if (info.EventType == EventType.WorkflowExecutionSignaled && !info.Buffered && info.EventId < oldestEventId)
            {
                oldest = requestId;
                oldestEventId = info.EventId;
            }
        }
        state.RequestIds.Remove(oldest);
    }

    /// <summary>Asks the workflow to end; once per run, a closed run takes no notice.</summary>
    public void RequestCancel(
        string reason, string identity, string requestId, DateTimeOffset now, WorkflowExecution? from = null, long initiatedId = 0)
    {
        if (!IsRunning || state.CancelRequested)
        {
            return;
        }
        state.CancelRequested = true;
        External(EventType.WorkflowExecutionCancelRequested, now, e => e.WorkflowExecutionCancelRequestedEventAttributes = new()
        {
            Cause = reason,
            Identity = identity,
            ExternalWorkflowExecution = from,
            ExternalInitiatedEventId = initiatedId,
        });
        if (requestId.Length > 0)
        {
            state.RequestIds.TryAdd(requestId, new() { EventType = EventType.WorkflowExecutionCancelRequested, EventId = state.NextEventId - 1 });
        }
        state.FirstWorkflowTaskAt = null;
        EnsureWorkflowTask(now);
    }

    public void Terminate(string reason, Payloads? details, string identity, DateTimeOffset now)
    {
        RequireRunning();
        TerminateRun(reason.Length > 0 ? reason : "terminated by user via frontend", identity, details, now);
    }

    /// <summary>A start that found this run and attached its request id, callbacks or links (OPTIONS_UPDATED); wakes nobody.</summary>
    public void Attach(StartWorkflowExecutionRequest request, DateTimeOffset now)
    {
        if (request.OnConflictOptions is not { } options || state.RequestIds.ContainsKey(request.RequestId))
        {
            return;
        }
        var e = External(EventType.WorkflowExecutionOptionsUpdated, now, e =>
        {
            e.WorkflowExecutionOptionsUpdatedEventAttributes = new()
            {
                AttachedRequestId = options.AttachRequestId ? request.RequestId : "",
                Identity = request.Identity,
            };
            if (options.AttachCompletionCallbacks)
            {
                e.WorkflowExecutionOptionsUpdatedEventAttributes.AttachedCompletionCallbacks.Add(request.CompletionCallbacks);
            }
            if (options.AttachLinks)
            {
                e.Links.Add(request.Links);
            }
        });
        if (options.AttachRequestId)
        {
            state.RequestIds[request.RequestId] = new() { EventType = EventType.WorkflowExecutionOptionsUpdated, EventId = e.EventId, Buffered = e.EventId == 0 };
        }
    }

    public bool KnowsRequest(string requestId) => state.RequestIds.ContainsKey(requestId);

    /// <summary>The outbox entry was carried out.</summary>
    public void OutboxDone(OutboxEntry entry)
    {
        for (var i = 0; i < state.Outbox.Count; i++)
        {
            if (state.Outbox[i].Equals(entry))
            {
                state.Outbox.RemoveAt(i);
                changed = true;
                return;
            }
        }
    }

    /// <summary>The child has its event 1: the parent records that, then lets it run.</summary>
    public void ChildStarted(long initiatedId, string childRunId, Header? header, DateTimeOffset now)
    {
        if (!state.Children.TryGetValue(initiatedId, out var child) || child.RunId.Length > 0)
        {
            return;
        }
        Machines.Child.Next(ChildPhase.Initiated, ChildEvent.Start);
        child.RunId = childRunId;
        if (!IsRunning)
        {
            // It started while its parent ended: it goes its own way, or the way of the others.
            state.Children.Remove(initiatedId);
            state.Outbox.Add(child.ParentClosePolicy == ParentClosePolicy.Abandon
                ? new OutboxEntry { Id = initiatedId, ReleaseChild = child }
                : new OutboxEntry { Id = initiatedId, CloseChild = child });
            changed = true;
            return;
        }
        var e = External(EventType.ChildWorkflowExecutionStarted, now, e => e.ChildWorkflowExecutionStartedEventAttributes = new()
        {
            Namespace = child.Namespace,
            NamespaceId = context.NamespaceId(child.Namespace),
            InitiatedEventId = initiatedId,
            WorkflowExecution = new() { WorkflowId = child.WorkflowId, RunId = childRunId },
            WorkflowType = new() { Name = child.WorkflowType },
            Header = header,
        });
        child.StartedEventId = e.EventId;
        state.Outbox.Add(new OutboxEntry { Id = initiatedId, ReleaseChild = child.Clone() });
        EnsureWorkflowTask(now);
    }

    public void ChildStartFailed(long initiatedId, StartChildWorkflowExecutionFailedCause cause, DateTimeOffset now)
    {
        if (!state.Children.TryGetValue(initiatedId, out var child) || child.RunId.Length > 0)
        {
            return;
        }
        Machines.Child.Next(ChildPhase.Initiated, ChildEvent.FailStart);
        state.Children.Remove(initiatedId);
        changed = true;
        if (!IsRunning)
        {
            return;
        }
        External(EventType.StartChildWorkflowExecutionFailed, now, e => e.StartChildWorkflowExecutionFailedEventAttributes = new()
        {
            Namespace = child.Namespace,
            NamespaceId = context.NamespaceId(child.Namespace),
            WorkflowId = child.WorkflowId,
            WorkflowType = new() { Name = child.WorkflowType },
            Cause = cause,
            InitiatedEventId = initiatedId,
        });
        EnsureWorkflowTask(now);
    }

    /// <summary>The chain of a child ended with this close event.</summary>
    public void ChildClosed(long initiatedId, string childRunId, HistoryEvent close, DateTimeOffset now)
    {
        if (!IsRunning || !state.Children.TryGetValue(initiatedId, out var child))
        {
            return;
        }
        if (child.RunId.Length == 0)
        {
            // It ended before its start was recorded here: the history tells both, in this order.
            ChildStarted(initiatedId, childRunId, null, now);
        }
        state.Children.Remove(initiatedId);
        Machines.Child.Next(ChildPhase.Started, ChildEvent.Close);
        var execution = new WorkflowExecution { WorkflowId = child.WorkflowId, RunId = childRunId };
        var type = new WorkflowType { Name = child.WorkflowType };
        var namespaceId = context.NamespaceId(child.Namespace);
        switch (close.EventType)
        {
            case EventType.WorkflowExecutionCompleted:
                External(EventType.ChildWorkflowExecutionCompleted, now, e => e.ChildWorkflowExecutionCompletedEventAttributes = new()
                {
                    Result = close.WorkflowExecutionCompletedEventAttributes.Result, Namespace = child.Namespace, NamespaceId = namespaceId,
                    WorkflowExecution = execution, WorkflowType = type, InitiatedEventId = initiatedId, StartedEventId = child.StartedEventId,
                });
                break;
            case EventType.WorkflowExecutionFailed:
                External(EventType.ChildWorkflowExecutionFailed, now, e => e.ChildWorkflowExecutionFailedEventAttributes = new()
                {
                    Failure = close.WorkflowExecutionFailedEventAttributes.Failure, RetryState = close.WorkflowExecutionFailedEventAttributes.RetryState,
                    Namespace = child.Namespace, NamespaceId = namespaceId,
                    WorkflowExecution = execution, WorkflowType = type, InitiatedEventId = initiatedId, StartedEventId = child.StartedEventId,
                });
                break;
            case EventType.WorkflowExecutionCanceled:
                External(EventType.ChildWorkflowExecutionCanceled, now, e => e.ChildWorkflowExecutionCanceledEventAttributes = new()
                {
                    Details = close.WorkflowExecutionCanceledEventAttributes.Details, Namespace = child.Namespace, NamespaceId = namespaceId,
                    WorkflowExecution = execution, WorkflowType = type, InitiatedEventId = initiatedId, StartedEventId = child.StartedEventId,
                });
                break;
            case EventType.WorkflowExecutionTimedOut:
                External(EventType.ChildWorkflowExecutionTimedOut, now, e => e.ChildWorkflowExecutionTimedOutEventAttributes = new()
                {
                    RetryState = close.WorkflowExecutionTimedOutEventAttributes.RetryState, Namespace = child.Namespace, NamespaceId = namespaceId,
                    WorkflowExecution = execution, WorkflowType = type, InitiatedEventId = initiatedId, StartedEventId = child.StartedEventId,
                });
                break;
            case EventType.WorkflowExecutionTerminated:
                External(EventType.ChildWorkflowExecutionTerminated, now, e => e.ChildWorkflowExecutionTerminatedEventAttributes = new()
                {
                    Namespace = child.Namespace, NamespaceId = namespaceId,
                    WorkflowExecution = execution, WorkflowType = type, InitiatedEventId = initiatedId, StartedEventId = child.StartedEventId,
                });
                break;
            default:
                throw new InvalidOperationException($"Bug: a child cannot close with {close.EventType}");
        }
        EnsureWorkflowTask(now);
    }

    /// <summary>The answer to a signal or a cancel request that this run sent to another.</summary>
    public void ExternalDone(long initiatedId, ExternalOutcome outcome, DateTimeOffset now)
    {
        if (!IsRunning || !state.Externals.Remove(initiatedId, out var external))
        {
            return;
        }
        var delivered = outcome == ExternalOutcome.Delivered;
        Machines.External.Next(ExternalPhase.Initiated, delivered ? ExternalEvent.Succeed : ExternalEvent.Fail);
        var namespaceId = context.NamespaceId(external.Namespace);
        switch (external.Cancel, delivered)
        {
            case (false, true):
                External(EventType.ExternalWorkflowExecutionSignaled, now, e => e.ExternalWorkflowExecutionSignaledEventAttributes = new()
                {
                    InitiatedEventId = initiatedId, Namespace = external.Namespace, NamespaceId = namespaceId, WorkflowExecution = external.Execution,
                });
                break;
            case (false, false):
                External(EventType.SignalExternalWorkflowExecutionFailed, now, e => e.SignalExternalWorkflowExecutionFailedEventAttributes = new()
                {
                    Cause = outcome == ExternalOutcome.TooManySignals
                        ? SignalExternalWorkflowExecutionFailedCause.SignalCountLimitExceeded
                        : SignalExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound,
                    InitiatedEventId = initiatedId, Namespace = external.Namespace, NamespaceId = namespaceId, WorkflowExecution = external.Execution,
                });
                break;
            case (true, true):
                External(EventType.ExternalWorkflowExecutionCancelRequested, now, e => e.ExternalWorkflowExecutionCancelRequestedEventAttributes = new()
                {
                    InitiatedEventId = initiatedId, Namespace = external.Namespace, NamespaceId = namespaceId, WorkflowExecution = external.Execution,
                });
                break;
            case (true, false):
                External(EventType.RequestCancelExternalWorkflowExecutionFailed, now, e => e.RequestCancelExternalWorkflowExecutionFailedEventAttributes = new()
                {
                    Cause = CancelExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound,
                    InitiatedEventId = initiatedId, Namespace = external.Namespace, NamespaceId = namespaceId, WorkflowExecution = external.Execution,
                });
                break;
        }
        EnsureWorkflowTask(now);
    }
}
