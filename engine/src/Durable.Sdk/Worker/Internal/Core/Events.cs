using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporalio.Worker.Internal.Core;

/// <summary>What kinds of events mean for a worker.</summary>
internal static class Events
{
    /// <summary>Written because of a command, one for one, directly behind the completion of the task that sent it.</summary>
    public static bool IsCommand(EventType type) => type is
        EventType.ActivityTaskScheduled or EventType.ActivityTaskCancelRequested or EventType.MarkerRecorded or
        EventType.RequestCancelExternalWorkflowExecutionInitiated or EventType.SignalExternalWorkflowExecutionInitiated or
        EventType.StartChildWorkflowExecutionInitiated or EventType.TimerCanceled or EventType.TimerStarted or
        EventType.UpsertWorkflowSearchAttributes or EventType.WorkflowPropertiesModified or EventType.WorkflowExecutionUpdateAccepted or
        EventType.WorkflowExecutionUpdateCompleted or EventType.WorkflowExecutionCanceled or EventType.WorkflowExecutionCompleted or
        EventType.WorkflowExecutionContinuedAsNew or EventType.WorkflowExecutionFailed;

    public static bool IsFinal(EventType type) => type is
        EventType.WorkflowExecutionCompleted or EventType.WorkflowExecutionFailed or EventType.WorkflowExecutionTimedOut or
        EventType.WorkflowExecutionCanceled or EventType.WorkflowExecutionTerminated or EventType.WorkflowExecutionContinuedAsNew;

    /// <summary>Ends a workflow task without its commands: what follows belongs to the next attempt.</summary>
    public static bool EndsTaskAbruptly(EventType type) => type is
        EventType.WorkflowTaskFailed or EventType.WorkflowTaskTimedOut or EventType.WorkflowExecutionTimedOut or
        EventType.WorkflowExecutionTerminated or EventType.WorkflowExecutionCanceled;

    /// <summary>The event of the command that this event goes on from; 0: none.</summary>
    public static long CommandEventId(HistoryEvent e) => e.EventType switch
    {
        EventType.ActivityTaskStarted => e.ActivityTaskStartedEventAttributes.ScheduledEventId,
        EventType.ActivityTaskCompleted => e.ActivityTaskCompletedEventAttributes.ScheduledEventId,
        EventType.ActivityTaskFailed => e.ActivityTaskFailedEventAttributes.ScheduledEventId,
        EventType.ActivityTaskTimedOut => e.ActivityTaskTimedOutEventAttributes.ScheduledEventId,
        EventType.ActivityTaskCanceled => e.ActivityTaskCanceledEventAttributes.ScheduledEventId,
        EventType.TimerFired => e.TimerFiredEventAttributes.StartedEventId,
        EventType.RequestCancelExternalWorkflowExecutionFailed => e.RequestCancelExternalWorkflowExecutionFailedEventAttributes.InitiatedEventId,
        EventType.ExternalWorkflowExecutionCancelRequested => e.ExternalWorkflowExecutionCancelRequestedEventAttributes.InitiatedEventId,
        EventType.SignalExternalWorkflowExecutionFailed => e.SignalExternalWorkflowExecutionFailedEventAttributes.InitiatedEventId,
        EventType.ExternalWorkflowExecutionSignaled => e.ExternalWorkflowExecutionSignaledEventAttributes.InitiatedEventId,
        EventType.StartChildWorkflowExecutionFailed => e.StartChildWorkflowExecutionFailedEventAttributes.InitiatedEventId,
        EventType.ChildWorkflowExecutionStarted => e.ChildWorkflowExecutionStartedEventAttributes.InitiatedEventId,
        EventType.ChildWorkflowExecutionCompleted => e.ChildWorkflowExecutionCompletedEventAttributes.InitiatedEventId,
        EventType.ChildWorkflowExecutionFailed => e.ChildWorkflowExecutionFailedEventAttributes.InitiatedEventId,
        EventType.ChildWorkflowExecutionCanceled => e.ChildWorkflowExecutionCanceledEventAttributes.InitiatedEventId,
        EventType.ChildWorkflowExecutionTimedOut => e.ChildWorkflowExecutionTimedOutEventAttributes.InitiatedEventId,
        EventType.ChildWorkflowExecutionTerminated => e.ChildWorkflowExecutionTerminatedEventAttributes.InitiatedEventId,
        _ => 0,
    };
}
