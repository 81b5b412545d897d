using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Recorded;

/// <summary>What the worker must have sent, from the events that came of it.</summary>
internal static class RecordedCommands
{
    /// <param name="run">Turns a recorded run id into the one of this playing.</param>
    public static void Add(RespondWorkflowTaskCompletedRequest request, HistoryEvent e, RecordedRun recorded, Func<string, string> run)
    {
        if (e.WorkflowExecutionUpdateAcceptedEventAttributes is { } accepted)
        {
            AddMessage(request, $"{accepted.ProtocolInstanceId}/request/accept", accepted.ProtocolInstanceId, Any.Pack(new Acceptance
            {
                AcceptedRequestMessageId = accepted.AcceptedRequestMessageId,
                AcceptedRequestSequencingEventId = accepted.AcceptedRequestSequencingEventId,
                AcceptedRequest = accepted.AcceptedRequest,
            }));
            return;
        }
        if (e.WorkflowExecutionUpdateCompletedEventAttributes is { } done)
        {
            AddMessage(request, $"{done.Meta.UpdateId}/request/complete", done.Meta.UpdateId, Any.Pack(new Response { Meta = done.Meta, Outcome = done.Outcome }));
            return;
        }
        var command = ToCommand(e, recorded, run);
        command.UserMetadata = e.UserMetadata;
        command.EventGroupMarkers.Add(e.EventGroupMarkers);
        request.Commands.Add(command);
    }

    private static void AddMessage(RespondWorkflowTaskCompletedRequest request, string id, string updateId, Any body)
    {
        request.Messages.Add(new Message { Id = id, ProtocolInstanceId = updateId, Body = body });
        request.Commands.Add(new Command { CommandType = CommandType.ProtocolMessage, ProtocolMessageCommandAttributes = new() { MessageId = id } });
    }

    private static Command ToCommand(HistoryEvent e, RecordedRun recorded, Func<string, string> run) => e.EventType switch
    {
        EventType.ActivityTaskScheduled => Schedule(e.ActivityTaskScheduledEventAttributes),
        EventType.ActivityTaskCancelRequested => new()
        {
            CommandType = CommandType.RequestCancelActivityTask,
            RequestCancelActivityTaskCommandAttributes = new() { ScheduledEventId = e.ActivityTaskCancelRequestedEventAttributes.ScheduledEventId },
        },
        EventType.TimerStarted => new()
        {
            CommandType = CommandType.StartTimer,
            StartTimerCommandAttributes = new() { TimerId = e.TimerStartedEventAttributes.TimerId, StartToFireTimeout = e.TimerStartedEventAttributes.StartToFireTimeout },
        },
        EventType.TimerCanceled => new()
        {
            CommandType = CommandType.CancelTimer,
            CancelTimerCommandAttributes = new() { TimerId = e.TimerCanceledEventAttributes.TimerId },
        },
        EventType.MarkerRecorded => Marker(e.MarkerRecordedEventAttributes),
        EventType.UpsertWorkflowSearchAttributes => new()
        {
            CommandType = CommandType.UpsertWorkflowSearchAttributes,
            UpsertWorkflowSearchAttributesCommandAttributes = new() { SearchAttributes = e.UpsertWorkflowSearchAttributesEventAttributes.SearchAttributes },
        },
        EventType.WorkflowPropertiesModified => new()
        {
            CommandType = CommandType.ModifyWorkflowProperties,
            ModifyWorkflowPropertiesCommandAttributes = new() { UpsertedMemo = e.WorkflowPropertiesModifiedEventAttributes.UpsertedMemo },
        },
        EventType.StartChildWorkflowExecutionInitiated => Child(e.StartChildWorkflowExecutionInitiatedEventAttributes),
        EventType.SignalExternalWorkflowExecutionInitiated => Signal(e.SignalExternalWorkflowExecutionInitiatedEventAttributes, run),
        EventType.RequestCancelExternalWorkflowExecutionInitiated => CancelExternal(e.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes, run),
        EventType.WorkflowExecutionCompleted => new()
        {
            CommandType = CommandType.CompleteWorkflowExecution,
            CompleteWorkflowExecutionCommandAttributes = new() { Result = e.WorkflowExecutionCompletedEventAttributes.Result },
        },
        EventType.WorkflowExecutionFailed => new()
        {
            CommandType = CommandType.FailWorkflowExecution,
            FailWorkflowExecutionCommandAttributes = new() { Failure = e.WorkflowExecutionFailedEventAttributes.Failure },
        },
        EventType.WorkflowExecutionCanceled => new()
        {
            CommandType = CommandType.CancelWorkflowExecution,
            CancelWorkflowExecutionCommandAttributes = new() { Details = e.WorkflowExecutionCanceledEventAttributes.Details },
        },
        EventType.WorkflowExecutionContinuedAsNew => Continue(e.WorkflowExecutionContinuedAsNewEventAttributes),
        _ => throw new InvalidOperationException($"{recorded.WorkflowId}: no command makes {e.EventType}"),
    };

    private static Command Schedule(ActivityTaskScheduledEventAttributes scheduled) => new()
    {
        CommandType = CommandType.ScheduleActivityTask,
        ScheduleActivityTaskCommandAttributes = new()
        {
            ActivityId = scheduled.ActivityId,
            ActivityType = scheduled.ActivityType,
            TaskQueue = scheduled.TaskQueue,
            Header = scheduled.Header,
            Input = scheduled.Input,
            ScheduleToCloseTimeout = scheduled.ScheduleToCloseTimeout,
            ScheduleToStartTimeout = scheduled.ScheduleToStartTimeout,
            StartToCloseTimeout = scheduled.StartToCloseTimeout,
            HeartbeatTimeout = scheduled.HeartbeatTimeout,
            RetryPolicy = scheduled.RetryPolicy,
            UseWorkflowBuildId = scheduled.UseWorkflowBuildId,
            Priority = scheduled.Priority,
        },
    };

    private static Command Marker(MarkerRecordedEventAttributes marker)
    {
        var attributes = new RecordMarkerCommandAttributes { MarkerName = marker.MarkerName, Header = marker.Header, Failure = marker.Failure };
        attributes.Details.Add(marker.Details);
        return new() { CommandType = CommandType.RecordMarker, RecordMarkerCommandAttributes = attributes };
    }

    private static Command Child(StartChildWorkflowExecutionInitiatedEventAttributes child) => new()
    {
        CommandType = CommandType.StartChildWorkflowExecution,
        StartChildWorkflowExecutionCommandAttributes = new()
        {
            Namespace = child.Namespace,
            WorkflowId = child.WorkflowId,
            WorkflowType = child.WorkflowType,
            TaskQueue = child.TaskQueue,
            Input = child.Input,
            WorkflowExecutionTimeout = child.WorkflowExecutionTimeout,
            WorkflowRunTimeout = child.WorkflowRunTimeout,
            ParentClosePolicy = child.ParentClosePolicy,
            WorkflowIdReusePolicy = child.WorkflowIdReusePolicy,
            RetryPolicy = child.RetryPolicy,
            CronSchedule = child.CronSchedule,
            Header = child.Header,
            Memo = child.Memo,
            SearchAttributes = child.SearchAttributes,
            InheritBuildId = child.InheritBuildId,
            Priority = child.Priority,
        },
    };

    private static Command Signal(SignalExternalWorkflowExecutionInitiatedEventAttributes signal, Func<string, string> run) => new()
    {
        CommandType = CommandType.SignalExternalWorkflowExecution,
        SignalExternalWorkflowExecutionCommandAttributes = new()
        {
            Namespace = signal.Namespace,
            Execution = Map(signal.WorkflowExecution, run),
            SignalName = signal.SignalName,
            Input = signal.Input,
            Header = signal.Header,
            ChildWorkflowOnly = signal.ChildWorkflowOnly,
        },
    };

    private static Command CancelExternal(RequestCancelExternalWorkflowExecutionInitiatedEventAttributes cancel, Func<string, string> run) => new()
    {
        CommandType = CommandType.RequestCancelExternalWorkflowExecution,
        RequestCancelExternalWorkflowExecutionCommandAttributes = new()
        {
            Namespace = cancel.Namespace,
            WorkflowId = cancel.WorkflowExecution.WorkflowId,
            RunId = run(cancel.WorkflowExecution.RunId),
            ChildWorkflowOnly = cancel.ChildWorkflowOnly,
            Reason = cancel.Reason,
        },
    };

    private static Command Continue(WorkflowExecutionContinuedAsNewEventAttributes next) => new()
    {
        CommandType = CommandType.ContinueAsNewWorkflowExecution,
        ContinueAsNewWorkflowExecutionCommandAttributes = new()
        {
            WorkflowType = next.WorkflowType,
            TaskQueue = next.TaskQueue,
            Input = next.Input,
            WorkflowRunTimeout = next.WorkflowRunTimeout,
            WorkflowTaskTimeout = next.WorkflowTaskTimeout,
            Header = next.Header,
            Memo = next.Memo,
            SearchAttributes = next.SearchAttributes,
            InheritBuildId = next.InheritBuildId,
        },
    };

    private static WorkflowExecution Map(WorkflowExecution execution, Func<string, string> run) =>
        new() { WorkflowId = execution.WorkflowId, RunId = run(execution.RunId) };
}
