using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Executions;

/// <summary>Commands of a workflow task: validation with the genuine causes and words, one event each.</summary>
public sealed partial class Execution
{
    private static readonly Duration Zero = new();

    private void ApplyCommand(Command command, RespondWorkflowTaskCompletedRequest request, long completedId, CommandResults results, DateTimeOffset now)
    {
        switch (command.CommandType)
        {
            case CommandType.ScheduleActivityTask:
                ScheduleActivityCommand(command, request, completedId, results, now);
                break;
            case CommandType.RequestCancelActivityTask:
                CancelActivityCommand(command, completedId, results, now);
                break;
            case CommandType.StartTimer:
                StartTimerCommand(command, completedId, now);
                break;
            case CommandType.CancelTimer:
                CancelTimerCommand(command, request.Identity, completedId, now);
                break;
            case CommandType.RecordMarker:
                RecordMarkerCommand(command, completedId, now);
                break;
            case CommandType.StartChildWorkflowExecution:
                StartChildCommand(command, completedId, now);
                break;
            case CommandType.SignalExternalWorkflowExecution:
                SignalExternalCommand(command, completedId, now);
                break;
            case CommandType.RequestCancelExternalWorkflowExecution:
                CancelExternalCommand(command, completedId, now);
                break;
            case CommandType.UpsertWorkflowSearchAttributes:
                UpsertSearchAttributesCommand(command, completedId, now);
                break;
            case CommandType.ModifyWorkflowProperties:
                ModifyPropertiesCommand(command, completedId, now);
                break;
            case CommandType.ProtocolMessage:
                ProtocolMessageCommand(command, request, completedId, now);
                break;
            case CommandType.CompleteWorkflowExecution:
            case CommandType.FailWorkflowExecution:
            case CommandType.CancelWorkflowExecution:
            case CommandType.ContinueAsNewWorkflowExecution:
                if (state.BufferedEvents.Count > 0)
                {
                    throw new CommandFailure(WorkflowTaskFailedCause.UnhandledCommand, "UnhandledCommand");
                }
                CloseCommand(command, completedId, now);
                break;
            case CommandType.ScheduleNexusOperation:
            case CommandType.RequestCancelNexusOperation:
                throw new CommandFailure(WorkflowTaskFailedCause.FeatureDisabled, "Nexus operations disabled");
            default:
                throw new InvalidOperationException($"Bug: command {command.CommandType} was let in");
        }
    }

    private void ScheduleActivityCommand(Command command, RespondWorkflowTaskCompletedRequest request, long completedId, CommandResults results, DateTimeOffset now)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadScheduleActivityAttributes;
        var attributes = command.ScheduleActivityTaskCommandAttributes
            ?? throw new CommandFailure(Bad, "ScheduleActivityTaskCommandAttributes is not set on ScheduleActivityTaskCommand.");
        var about = $"ActivityId={attributes.ActivityId} ActivityType={attributes.ActivityType?.Name}";
        CheckTaskQueue(attributes.TaskQueue, Bad, static wrong => wrong);
        Require(attributes.ActivityId.Length > 0, Bad, "activityId is not set");
        Require(attributes.ActivityType?.Name.Length > 0, Bad, "activityType is not set");
        if (Retries.Check(attributes.RetryPolicy) is { } wrong)
        {
            throw new CommandFailure(Bad, wrong);
        }
        CheckLength(attributes.ActivityId, Bad, static length => $"activityId exceeds length limit. {length}");
        CheckLength(attributes.ActivityType!.Name, Bad, static length => $"activityType exceeds length limit. {length}");
        if (Priorities.Check(attributes.Priority) is { } misplaced)
        {
            throw new CommandFailure(Bad, $"invalid priorities: {misplaced}");
        }
        var timeouts = ActivityTimeouts.Derive(
            attributes.ScheduleToCloseTimeout,
            attributes.ScheduleToStartTimeout,
            attributes.StartToCloseTimeout,
            attributes.HeartbeatTimeout,
            state.Started.WorkflowRunTimeout?.ToTimeSpan() ?? TimeSpan.Zero,
            about);
        CheckBlob(attributes.Input, Bad, "ScheduleActivityTaskCommandAttributes.Input");
        Require(
            state.Activities.Count < context.Limits.PendingActivities,
            WorkflowTaskFailedCause.PendingActivitiesLimitExceeded,
            $"the number of pending activities, {state.Activities.Count}, has reached the per-workflow limit of {context.Limits.PendingActivities}");
        foreach (var pending in state.Activities.Values)
        {
            Require(pending.ActivityId != attributes.ActivityId, WorkflowTaskFailedCause.ScheduleActivityDuplicateId, $"ScheduleActivityTask command: activity with ID {attributes.ActivityId} already exists");
        }

        var eagerly = attributes.RequestEagerExecution && attributes.TaskQueue.Name == TaskQueue;
        var scheduled = Append(EventType.ActivityTaskScheduled, now, e =>
        {
            e.UserMetadata = command.UserMetadata;
            e.ActivityTaskScheduledEventAttributes = new()
            {
                ActivityId = attributes.ActivityId,
                ActivityType = attributes.ActivityType,
                TaskQueue = attributes.TaskQueue,
                Header = attributes.Header,
                Input = attributes.Input,
                ScheduleToCloseTimeout = timeouts.ScheduleToClose.ToDuration(),
                ScheduleToStartTimeout = timeouts.ScheduleToStart.ToDuration(),
                StartToCloseTimeout = timeouts.StartToClose.ToDuration(),
                HeartbeatTimeout = timeouts.Heartbeat.ToDuration(),
                RetryPolicy = Retries.Complete(attributes.RetryPolicy),
                WorkflowTaskCompletedEventId = completedId,
                UseWorkflowBuildId = attributes.UseWorkflowBuildId,
                Priority = attributes.Priority,
            };
            e.EventGroupMarkers.AddRange(command.EventGroupMarkers);
        });
        var activity = ScheduleActivity(attributes, scheduled, now);
        dispatched.Add(DispatchOf(activity));
        if (eagerly && StartActivity(DispatchOf(activity), request.Identity, now) is { } start)
        {
            results.EagerActivities.Add(start);
        }
        else
        {
            effects.Add(new ActivityReady(DispatchOf(activity), activity.TaskQueue, LevelOf(activity)));
        }
    }

    private void CancelActivityCommand(Command command, long completedId, CommandResults results, DateTimeOffset now)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadRequestCancelActivityAttributes;
        var scheduledId = command.RequestCancelActivityTaskCommandAttributes?.ScheduledEventId ?? 0;
        Require(scheduledId > 0, Bad, "ScheduledEventId is not set on RequestCancelActivityTaskCommand.");
        if (!state.Activities.TryGetValue(scheduledId, out var activity))
        {
            var buffered = false;
            foreach (var e in state.BufferedEvents)
            {
                buffered |= ClosedScheduledId(e) == scheduledId;
            }
            Require(buffered, Bad, $"ScheduledEventId {scheduledId} is not a pending activity on RequestCancelActivityTaskCommand.");
        }
        else
        {
            Require(!activity.CancelRequested, Bad, $"activity {activity.ActivityId} was asked to cancel before");
        }
        var requested = Append(EventType.ActivityTaskCancelRequested, now, e => e.ActivityTaskCancelRequestedEventAttributes = new()
        {
            ScheduledEventId = scheduledId,
            WorkflowTaskCompletedEventId = completedId,
        });
        if (activity is null)
        {
            return;
        }
        activity.CancelRequested = true;
        activity.CancelRequestedEventId = requested.EventId;
        if (activity.StartedTime is not null)
        {
            return;
        }
        CloseActivity(activity, ActivityEvent.Cancel, "", now);
        results.Cancellations.Add(new HistoryEvent
        {
            EventType = EventType.ActivityTaskCanceled,
            EventTime = now.ToTimestamp(),
            ActivityTaskCanceledEventAttributes = new()
            {
                Details = new Payloads { Payloads_ = { ServerPayloads.Json("ACTIVITY_ID_NOT_STARTED") } },
                LatestCancelRequestedEventId = requested.EventId,
                ScheduledEventId = scheduledId,
            },
        });
    }

    private void StartTimerCommand(Command command, long completedId, DateTimeOffset now)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadStartTimerAttributes;
        var attributes = command.StartTimerCommandAttributes ?? throw new CommandFailure(Bad, "StartTimerCommandAttributes is not set on StartTimerCommand.");
        Require(attributes.TimerId.Length > 0, Bad, "TimerId is not set on StartTimerCommand.");
        CheckLength(attributes.TimerId, Bad, length => $"TimerId on StartTimerCommand exceeds length limit. TimerId={attributes.TimerId} {length}");
        CheckDuration(attributes.StartToFireTimeout, Bad, wrong => $"An invalid StartToFireTimeout is set on StartTimerCommand: {wrong}. TimerId={attributes.TimerId}");
        var delay = attributes.StartToFireTimeout?.ToTimeSpan() ?? TimeSpan.Zero;
        Require(!state.Timers.ContainsKey(attributes.TimerId), WorkflowTaskFailedCause.StartTimerDuplicateId, $"StartTimer command: timer with ID {attributes.TimerId} already exists");
        Machines.Timer.Next(TimerPhase.None, TimerEvent.Start);
        var started = Append(EventType.TimerStarted, now, e =>
        {
            e.UserMetadata = command.UserMetadata;
            e.TimerStartedEventAttributes = new()
            {
                TimerId = attributes.TimerId,
                StartToFireTimeout = attributes.StartToFireTimeout ?? Zero,
                WorkflowTaskCompletedEventId = completedId,
            };
            e.EventGroupMarkers.AddRange(command.EventGroupMarkers);
        });
        state.Timers[attributes.TimerId] = new TimerState
        {
            TimerId = attributes.TimerId,
            StartedEventId = started.EventId,
            FireTime = (now + delay).ToTimestamp(),
        };
    }

    private void CancelTimerCommand(Command command, string identity, long completedId, DateTimeOffset now)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadCancelTimerAttributes;
        var timerId = command.CancelTimerCommandAttributes?.TimerId ?? "";
        Require(timerId.Length > 0, Bad, "TimerId is not set on CancelTimerCommand.");
        CheckLength(timerId, Bad, length => $"TimerId on CancelTimerCommand exceeds length limit. TimerId={timerId} {length}");
        long startedId = 0;
        if (state.Timers.Remove(timerId, out var timer))
        {
            Machines.Timer.Next(TimerPhase.Running, TimerEvent.Cancel);
            startedId = timer.StartedEventId;
        }
        else
        {
            for (var i = 0; i < state.BufferedEvents.Count; i++)
            {
                if (state.BufferedEvents[i].TimerFiredEventAttributes is { } fired && fired.TimerId == timerId)
                {
                    Machines.Timer.Next(TimerPhase.Fired, TimerEvent.Cancel);
                    startedId = fired.StartedEventId;
                    state.BufferedEvents.RemoveAt(i);
                    break;
                }
            }
            Require(startedId != 0, Bad, $"TimerId {timerId} is not a pending timer on CancelTimerCommand.");
        }
        Append(EventType.TimerCanceled, now, e => e.TimerCanceledEventAttributes = new()
        {
            TimerId = timerId,
            StartedEventId = startedId,
            WorkflowTaskCompletedEventId = completedId,
            Identity = identity,
        });
    }

    private void RecordMarkerCommand(Command command, long completedId, DateTimeOffset now)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadRecordMarkerAttributes;
        var attributes = command.RecordMarkerCommandAttributes;
        Require(attributes?.MarkerName.Length > 0, Bad, "MarkerName is not set on RecordMarkerCommand.");
        CheckLength(attributes!.MarkerName, Bad, length => $"MarkerName on RecordMarkerCommand exceeds length limit. MarkerName={attributes.MarkerName} {length}");
        CheckSize(attributes.Details.Sum(static detail => detail.Key.Length + detail.Value.CalculateSize()), Bad, "RecordMarkerCommandAttributes.Details");
        Append(EventType.MarkerRecorded, now, e =>
        {
            e.UserMetadata = command.UserMetadata;
            e.MarkerRecordedEventAttributes = new()
            {
                MarkerName = attributes.MarkerName,
                Header = attributes.Header,
                Failure = attributes.Failure,
                WorkflowTaskCompletedEventId = completedId,
            };
            e.MarkerRecordedEventAttributes.Details.Add(attributes.Details);
            e.EventGroupMarkers.AddRange(command.EventGroupMarkers);
        });
    }

    private void StartChildCommand(Command command, long completedId, DateTimeOffset now)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadStartChildExecutionAttributes;
        var attributes = command.StartChildWorkflowExecutionCommandAttributes;
        Require(attributes is not null, Bad, "StartChildWorkflowExecutionCommandAttributes is not set on StartChildWorkflowExecutionCommand.");
        RequireOwnNamespace(attributes!.Namespace, Bad);
        var (id, type) = (attributes.WorkflowId, attributes.WorkflowType?.Name ?? "");
        var about = $"WorkflowId={id} WorkflowType={type} Namespace={state.Namespace}";
        Require(id.Length > 0, Bad, $"Required field WorkflowId is not set on StartChildWorkflowExecutionCommand. WorkflowType={type} Namespace={state.Namespace}");
        Require(type.Length > 0, Bad, $"Required field WorkflowType is not set on StartChildWorkflowExecutionCommand. WorkflowId={id} Namespace={state.Namespace}");
        CheckLength(id, Bad, length => $"WorkflowId on StartChildWorkflowExecutionCommand exceeds length limit. WorkflowId={id} {length} WorkflowType={type} Namespace={state.Namespace}");
        CheckLength(type, Bad, length => $"WorkflowType on StartChildWorkflowExecutionCommand exceeds length limit. WorkflowId={id} WorkflowType={type} {length} Namespace={state.Namespace}");
        CheckDuration(attributes.WorkflowExecutionTimeout, Bad, wrong => $"Invalid WorkflowExecutionTimeout on StartChildWorkflowExecutionCommand: {wrong}. {about}");
        CheckDuration(attributes.WorkflowRunTimeout, Bad, wrong => $"Invalid WorkflowRunTimeout on StartChildWorkflowExecutionCommand: {wrong}. {about}");
        CheckDuration(attributes.WorkflowTaskTimeout, Bad, wrong => $"Invalid WorkflowTaskTimeout on StartChildWorkflowExecutionCommand: {wrong}. {about}");
        if (Retries.Check(attributes.RetryPolicy) is { } policy)
        {
            throw new CommandFailure(Bad, $"invalid WorkflowRetryPolicy on StartChildWorkflowExecutionCommand: {policy}. {about}");
        }
        if (attributes.CronSchedule.Length > 0 && Schedules.CronSchedule.TryParse(attributes.CronSchedule, out _) is null)
        {
            throw new CommandFailure(Bad, $"invalid CronSchedule on StartChildWorkflowExecutionCommand: invalid CronSchedule.. {about}");
        }
        if (Priorities.Check(attributes.Priority) is { } misplaced)
        {
            throw new CommandFailure(Bad, misplaced);
        }
        if (attributes.TaskQueue is { Name.Length: > 0 } own)
        {
            CheckTaskQueue(own, Bad, wrong => $"invalid TaskQueue on StartChildWorkflowExecutionCommand: {wrong}. {about} TaskQueue={own.Name}");
        }
        CheckBlob(attributes.Input, Bad, "StartChildWorkflowExecutionCommandAttributes. Input");
        CheckMemo(attributes.Memo, Bad, "StartChildWorkflowExecutionCommandAttributes.Memo");
        CheckSearchAttributes(attributes.SearchAttributes, Bad);
        Require(
            state.Children.Count < context.Limits.PendingChildren,
            WorkflowTaskFailedCause.PendingChildWorkflowsLimitExceeded,
            $"the number of pending child workflow executions, {state.Children.Count}, has reached the per-workflow limit of {context.Limits.PendingChildren}");
        Machines.Child.Next(ChildPhase.None, ChildEvent.Initiate);
        var execution = attributes.WorkflowExecutionTimeout?.ToTimeSpan() ?? TimeSpan.Zero;
        var run = attributes.WorkflowRunTimeout?.ToTimeSpan() ?? TimeSpan.Zero;
        if (execution > TimeSpan.Zero)
        {
            run = run > TimeSpan.Zero ? Min(run, execution) : execution;
        }
        var task = attributes.WorkflowTaskTimeout?.ToTimeSpan() ?? TimeSpan.Zero;
        task = task > TimeSpan.Zero ? Min(task, TimeSpan.FromSeconds(120)) : TimeSpan.FromSeconds(10);
        if (run > TimeSpan.Zero)
        {
            task = Min(task, run);
        }
        var initiated = Append(EventType.StartChildWorkflowExecutionInitiated, now, e =>
        {
            e.UserMetadata = command.UserMetadata;
            e.StartChildWorkflowExecutionInitiatedEventAttributes = new()
            {
                Namespace = attributes.Namespace.Length > 0 ? attributes.Namespace : state.Namespace,
                NamespaceId = context.NamespaceId(attributes.Namespace.Length > 0 ? attributes.Namespace : state.Namespace),
                WorkflowId = attributes.WorkflowId,
                WorkflowType = attributes.WorkflowType,
                TaskQueue = attributes.TaskQueue is { Name.Length: > 0 } queue ? queue : new() { Name = TaskQueue, Kind = TaskQueueKind.Normal },
                Input = attributes.Input,
                WorkflowExecutionTimeout = execution > TimeSpan.Zero ? execution.ToDuration() : attributes.WorkflowExecutionTimeout,
                WorkflowRunTimeout = run.ToDuration(),
                WorkflowTaskTimeout = task.ToDuration(),
                ParentClosePolicy = attributes.ParentClosePolicy == ParentClosePolicy.Unspecified ? ParentClosePolicy.Terminate : attributes.ParentClosePolicy,
                Control = attributes.Control,
                WorkflowTaskCompletedEventId = completedId,
                WorkflowIdReusePolicy = attributes.WorkflowIdReusePolicy == WorkflowIdReusePolicy.Unspecified ? WorkflowIdReusePolicy.AllowDuplicate : attributes.WorkflowIdReusePolicy,
                RetryPolicy = attributes.RetryPolicy is null ? null : Retries.Complete(attributes.RetryPolicy),
                CronSchedule = attributes.CronSchedule,
                Header = attributes.Header,
                Memo = attributes.Memo is { Fields.Count: > 0 } ? attributes.Memo : null,
                SearchAttributes = attributes.SearchAttributes,
                InheritBuildId = attributes.InheritBuildId,
                Priority = attributes.Priority,
            };
            e.EventGroupMarkers.AddRange(command.EventGroupMarkers);
        });
        var child = initiated.StartChildWorkflowExecutionInitiatedEventAttributes;
        state.Children[initiated.EventId] = new ChildState
        {
            InitiatedEventId = initiated.EventId,
            Namespace = child.Namespace,
            WorkflowId = child.WorkflowId,
            WorkflowType = child.WorkflowType.Name,
            ParentClosePolicy = child.ParentClosePolicy,
        };
        state.Outbox.Add(new OutboxEntry { Id = initiated.EventId, StartChild = initiated.EventId });
    }

    private void SignalExternalCommand(Command command, long completedId, DateTimeOffset now)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadSignalWorkflowExecutionAttributes;
        var attributes = command.SignalExternalWorkflowExecutionCommandAttributes;
        Require(attributes?.Execution is not null, Bad, "Execution is not set on SignalExternalWorkflowExecutionCommand.");
        RequireOwnNamespace(attributes!.Namespace, Bad);
        var (id, run, signal) = (attributes.Execution.WorkflowId, attributes.Execution.RunId, attributes.SignalName);
        Require(id.Length > 0, Bad, $"WorkflowId is not set on SignalExternalWorkflowExecutionCommand. Namespace={attributes.Namespace} RunId={run} SignalName={signal}");
        CheckLength(id, Bad, length => $"WorkflowId on SignalExternalWorkflowExecutionCommand exceeds length limit. WorkflowId={id} {length} Namespace={attributes.Namespace} RunId={run} SignalName={signal}");
        Require(IsRunIdOrNone(run), Bad, $"Invalid RunId set on SignalExternalWorkflowExecutionCommand. WorkflowId={id} Namespace={attributes.Namespace} RunId={run} SignalName={signal}");
        Require(signal.Length > 0, Bad, $"SignalName is not set on SignalExternalWorkflowExecutionCommand. WorkflowId={id} Namespace={attributes.Namespace} RunId={run}");
        CheckBlob(attributes.Input, Bad, "SignalExternalWorkflowExecutionCommandAttributes.Input");
        Require(CountExternals(cancels: false) < context.Limits.PendingSignals, WorkflowTaskFailedCause.PendingSignalsLimitExceeded, $"the number of pending signals to external workflows, {CountExternals(cancels: false)}, has reached the per-workflow limit of {context.Limits.PendingSignals}");
        var target = attributes.Namespace.Length > 0 ? attributes.Namespace : state.Namespace;
        var initiated = Append(EventType.SignalExternalWorkflowExecutionInitiated, now, e =>
        {
            e.SignalExternalWorkflowExecutionInitiatedEventAttributes = new()
            {
                WorkflowTaskCompletedEventId = completedId,
                Namespace = target,
                NamespaceId = context.NamespaceId(target),
                WorkflowExecution = attributes.Execution,
                SignalName = attributes.SignalName,
                Input = attributes.Input,
                Control = attributes.Control,
                ChildWorkflowOnly = attributes.ChildWorkflowOnly,
                Header = attributes.Header,
            };
            e.EventGroupMarkers.AddRange(command.EventGroupMarkers);
        });
        AddExternal(initiated.EventId, cancel: false, target, attributes.Execution);
        state.Outbox.Add(new OutboxEntry { Id = initiated.EventId, SignalExternal = initiated.EventId });
    }

    private void CancelExternalCommand(Command command, long completedId, DateTimeOffset now)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadRequestCancelExternalWorkflowExecutionAttributes;
        var attributes = command.RequestCancelExternalWorkflowExecutionCommandAttributes;
        Require(attributes is not null, Bad, "RequestCancelExternalWorkflowExecutionCommandAttributes is not set on RequestCancelExternalWorkflowExecutionCommand.");
        RequireOwnNamespace(attributes!.Namespace, Bad);
        var (id, run) = (attributes.WorkflowId, attributes.RunId);
        Require(id.Length > 0, Bad, $"WorkflowId is not set on RequestCancelExternalWorkflowExecutionCommand. Namespace={attributes.Namespace} RunId={run}");
        CheckLength(id, Bad, length => $"WorkflowId on RequestCancelExternalWorkflowExecutionCommand exceeds length limit. WorkflowId={id} {length} RunId={run} Namespace={attributes.Namespace}");
        Require(IsRunIdOrNone(run), Bad, $"Invalid RunId set on RequestCancelExternalWorkflowExecutionCommand. WorkflowId={id} RunId={run} Namespace={attributes.Namespace}");
        foreach (var child in state.Children.Values)
        {
            Require(
                child.WorkflowId != id || child.InitiatedEventId < completedId, Bad,
                $"Start and RequestCancel for child workflow is not allowed in same workflow task. WorkflowId={id} RunId={run} Namespace={attributes.Namespace}");
        }
        Require(CountExternals(cancels: true) < context.Limits.PendingCancels, WorkflowTaskFailedCause.PendingRequestCancelLimitExceeded, $"the number of pending requests to cancel external workflows, {CountExternals(cancels: true)}, has reached the per-workflow limit of {context.Limits.PendingCancels}");
        var target = attributes.Namespace.Length > 0 ? attributes.Namespace : state.Namespace;
        var execution = new WorkflowExecution { WorkflowId = attributes.WorkflowId, RunId = attributes.RunId };
        var initiated = Append(EventType.RequestCancelExternalWorkflowExecutionInitiated, now, e =>
        {
            e.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes = new()
            {
                WorkflowTaskCompletedEventId = completedId,
                Namespace = target,
                NamespaceId = context.NamespaceId(target),
                WorkflowExecution = execution,
                Control = attributes.Control,
                ChildWorkflowOnly = attributes.ChildWorkflowOnly,
                Reason = attributes.Reason,
            };
            e.EventGroupMarkers.AddRange(command.EventGroupMarkers);
        });
        AddExternal(initiated.EventId, cancel: true, target, execution);
        state.Outbox.Add(new OutboxEntry { Id = initiated.EventId, CancelExternal = initiated.EventId });
    }

    private int CountExternals(bool cancels)
    {
        var count = 0;
        foreach (var external in state.Externals.Values)
        {
            count += external.Cancel == cancels ? 1 : 0;
        }
        return count;
    }

    private void AddExternal(long initiatedId, bool cancel, string target, WorkflowExecution execution)
    {
        Machines.External.Next(ExternalPhase.None, ExternalEvent.Initiate);
        state.Externals[initiatedId] = new ExternalState { InitiatedEventId = initiatedId, Cancel = cancel, Namespace = target, Execution = execution };
    }

    private void UpsertSearchAttributesCommand(Command command, long completedId, DateTimeOffset now)
    {
        var attributes = command.UpsertWorkflowSearchAttributesCommandAttributes?.SearchAttributes
            ?? throw new CommandFailure(WorkflowTaskFailedCause.BadSearchAttributes, "SearchAttributes is not set on UpsertWorkflowSearchAttributesCommand.");
        Require(attributes.IndexedFields.Count > 0, WorkflowTaskFailedCause.BadSearchAttributes, "IndexedFields is not set on UpsertWorkflowSearchAttributesCommand.");
        CheckSize(SizeOf(attributes.IndexedFields), WorkflowTaskFailedCause.BadSearchAttributes, "UpsertWorkflowSearchAttributesCommandAttributes");
        CheckSearchAttributes(attributes, WorkflowTaskFailedCause.BadSearchAttributes);
        var merged = RunState.Copy(state.SearchAttributes);
        foreach (var (name, value) in attributes.IndexedFields)
        {
            merged.IndexedFields[name] = value;
        }
        CheckSearchAttributesSize(merged, WorkflowTaskFailedCause.BadSearchAttributes);
        Append(EventType.UpsertWorkflowSearchAttributes, now, e => e.UpsertWorkflowSearchAttributesEventAttributes = new()
        {
            WorkflowTaskCompletedEventId = completedId,
            SearchAttributes = attributes,
        });
        MergeSearchAttributes(attributes);
        VisibilityChanged = true;
    }

    private void MergeSearchAttributes(SearchAttributes attributes)
    {
        var merged = RunState.Copy(state.SearchAttributes);
        foreach (var (name, value) in attributes.IndexedFields)
        {
            if (IsNull(value, emptyListToo: true))
            {
                merged.IndexedFields.Remove(name);
            }
            else
            {
                merged.IndexedFields[name] = value;
            }
        }
        state.SearchAttributes = merged;
    }

    private void MergeMemo(Memo memo)
    {
        state.Memo ??= new();
        foreach (var (name, value) in memo.Fields)
        {
            if (IsNull(value))
            {
                state.Memo.Fields.Remove(name);
            }
            else
            {
                state.Memo.Fields[name] = value;
            }
        }
    }

    private void ModifyPropertiesCommand(Command command, long completedId, DateTimeOffset now)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadModifyWorkflowPropertiesAttributes;
        var memo = command.ModifyWorkflowPropertiesCommandAttributes?.UpsertedMemo;
        Require(memo is { Fields.Count: > 0 }, Bad, memo is null ? "UpsertedMemo is not set on ModifyWorkflowPropertiesCommand." : "UpsertedMemo.Fields is not set on ModifyWorkflowPropertiesCommand.");
        CheckSize(SizeOf(memo!.Fields), Bad, "ModifyWorkflowPropertiesCommandAttributes");
        var merged = state.Memo?.Clone() ?? new Memo();
        foreach (var (name, value) in memo.Fields)
        {
            merged.Fields[name] = value;
        }
        CheckMemo(merged, Bad, "ModifyWorkflowPropertiesCommandAttributes. Memo");
        Append(EventType.WorkflowPropertiesModified, now, e => e.WorkflowPropertiesModifiedEventAttributes = new()
        {
            WorkflowTaskCompletedEventId = completedId,
            UpsertedMemo = memo,
        });
        MergeMemo(memo);
        VisibilityChanged = true;
    }

    private void ProtocolMessageCommand(Command command, RespondWorkflowTaskCompletedRequest request, long completedId, DateTimeOffset now)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage;
        var messageId = command.ProtocolMessageCommandAttributes?.MessageId ?? "";
        Require(messageId.Length > 0, Bad, "ProtocolMessageCommand.MessageId is not set");
        foreach (var message in request.Messages)
        {
            if (message.Id == messageId)
            {
                ApplyMessage(message, completedId, now);
                return;
            }
        }
        throw new CommandFailure(Bad, $"ProtocolMessageCommand referenced absent message ID \"{messageId}\"");
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>A field set to this is taken away. An empty list does that to a search attribute too.</summary>
    private static bool IsNull(Payload payload, bool emptyListToo = false) =>
        payload.Data.IsEmpty || (emptyListToo && payload.Data.Length < 5 && payload.Data.ToStringUtf8() is "null" or "[]");

    /// <summary>What the commands of one completion leave for when all are applied.</summary>
    private sealed class CommandResults
    {
        public List<ActivityStart> EagerActivities { get; } = [];

        /// <summary>
        /// Activities that were cancelled before they started. They come after the events of all commands, since workers count on one event per command
        /// (the Go SDK numbers activities by it), and not at all if the run closes.
        /// </summary>
        public List<HistoryEvent> Cancellations { get; } = [];
    }
}
