using System.Globalization;
using Durable.Server.Executions;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Schedules;

/// <summary>What is started, and what came of it (the machine is in <see cref="ScheduleMachine"/>).</summary>
internal sealed partial class Scheduler
{
    /// <summary>When this schedule next needs <see cref="Advance"/>; null when only a client or the end of a workflow can move it.</summary>
    public DateTimeOffset? NextDueAt
    {
        get
        {
            if (NextStep is not null || CanBackfill)
            {
                return DateTimeOffset.MinValue;
            }
            return MayAct(manual: false) ? times.Next(state.HandledUntil.ToDateTimeOffset())?.Due : null;
        }
    }

    /// <summary>Something that the shell has to do now, and to report; null when there is nothing.</summary>
    public ScheduleStep? NextStep
    {
        get
        {
            if (state.Starting.Count > 0)
            {
                return new StartStep(state.Starting[0].RequestId, ToRequest(state.Starting[0]));
            }
            foreach (var running in state.Running)
            {
                if ((running.CancelWanted || running.TerminateWanted) && !running.EndDelivered)
                {
                    return new EndStep(running.Execution.Clone(), running.TerminateWanted);
                }
            }
            return null;
        }
    }

    /// <summary>Workflows that later actions wait for.</summary>
    public IEnumerable<WorkflowExecution> Running => state.Running.Select(static running => running.Execution);

    /// <summary>The workflow of an action runs.</summary>
    public void Started(string requestId, string runId, DateTimeOffset now)
    {
        if (TakeStarting(requestId) is not { } action)
        {
            return;
        }
        var execution = new WorkflowExecution { WorkflowId = WorkflowIdOf(action), RunId = runId };
        state.ActionCount++;
        state.RecentActions.Add(new ScheduleActionResult
        {
            ScheduleTime = action.DueTime,
            ActualTime = now.ToTimestamp(),
            StartWorkflowResult = execution,
            StartWorkflowStatus = WorkflowExecutionStatus.Running,
        });
        while (state.RecentActions.Count > RememberedActions)
        {
            state.RecentActions.RemoveAt(0);
        }
        if (action.OverlapPolicy == ScheduleOverlapPolicy.AllowAll)
        {
            ScheduleMachine.Action.Next(ActionPhase.Starting, ActionEvent.Detach);
        }
        else
        {
            ScheduleMachine.Action.Next(ActionPhase.Starting, ActionEvent.Started);
            state.Running.Add(new RunningAction { Execution = execution.Clone() });
        }
        ProcessBuffer();
    }

    /// <summary>The workflow cannot be started: its id is in use, or what the action says is refused. The action is dropped.</summary>
    public void StartFailed(string requestId)
    {
        if (TakeStarting(requestId) is not null)
        {
            ScheduleMachine.Action.Next(ActionPhase.Starting, ActionEvent.FailStart);
            ProcessBuffer();
        }
    }

    /// <summary>A running workflow was asked to end, or was found to have ended.</summary>
    public void EndDelivered(string firstRunId)
    {
        foreach (var running in state.Running)
        {
            if (running.Execution.RunId == firstRunId)
            {
                running.EndDelivered = true;
            }
        }
    }

    /// <summary>The chain of an action's workflow has ended.</summary>
    /// <param name="close">Its last event; null when the workflow is gone and nobody knows how it ended.</param>
    public void Closed(string firstRunId, HistoryEvent? close, DateTimeOffset now)
    {
        var status = StatusOf(close);
        foreach (var action in state.RecentActions)
        {
            if (action.StartWorkflowResult.RunId == firstRunId && status != WorkflowExecutionStatus.Unspecified)
            {
                action.StartWorkflowStatus = status;
                PauseOnFailure(action.StartWorkflowResult.WorkflowId, status, close);
            }
        }
        for (var i = 0; i < state.Running.Count; i++)
        {
            var running = state.Running[i];
            if (running.Execution.RunId == firstRunId)
            {
                ScheduleMachine.Action.Next(PhaseOf(running), ActionEvent.Close);
                state.Running.RemoveAt(i);
                KeepOutcome(close);
                PauseOnFailure(running.Execution.WorkflowId, status, close);
                break;
            }
        }
        Advance(now);
    }

    private static ActionPhase PhaseOf(RunningAction running) => running.CancelWanted ? ActionPhase.Ending : ActionPhase.Running;

    private DueAction? TakeStarting(string requestId)
    {
        for (var i = 0; i < state.Starting.Count; i++)
        {
            if (state.Starting[i].RequestId == requestId)
            {
                var action = state.Starting[i];
                state.Starting.RemoveAt(i);
                return action;
            }
        }
        return null;
    }

    private bool MayAct(bool manual) =>
        manual || (!state.Schedule.State.Paused && (!state.Schedule.State.LimitedActions || state.Schedule.State.RemainingActions > 0));

    private void KeepOutcome(HistoryEvent? close)
    {
        if (close?.WorkflowExecutionCompletedEventAttributes is { } completed)
        {
            state.LastCompletionResult = completed.Result;
            state.LastFailure = null;
        }
        else if (close?.WorkflowExecutionFailedEventAttributes is { } failed)
        {
            state.LastFailure = failed.Failure;
        }
        else if (close?.WorkflowExecutionTimedOutEventAttributes is not null)
        {
            state.LastFailure = new Failure { Message = "workflow timeout", Source = "Server", TimeoutFailureInfo = new() { TimeoutType = TimeoutType.StartToClose } };
        }
    }

    private void PauseOnFailure(string workflowId, WorkflowExecutionStatus status, HistoryEvent? close)
    {
        if (!state.Schedule.Policies.PauseOnFailure || state.Schedule.State.Paused
            || status is not (WorkflowExecutionStatus.Failed or WorkflowExecutionStatus.TimedOut))
        {
            return;
        }
        state.Schedule.State.Paused = true;
        state.Schedule.State.Notes = status == WorkflowExecutionStatus.Failed
            ? $"paused due to workflow failure: {workflowId}: {close!.WorkflowExecutionFailedEventAttributes.Failure?.Message}"
            : $"paused due to workflow timeout: {workflowId}";
        state.ConflictToken++;
    }

    private static WorkflowExecutionStatus StatusOf(HistoryEvent? close) => close?.EventType switch
    {
        EventType.WorkflowExecutionCompleted => WorkflowExecutionStatus.Completed,
        EventType.WorkflowExecutionFailed => WorkflowExecutionStatus.Failed,
        EventType.WorkflowExecutionCanceled => WorkflowExecutionStatus.Canceled,
        EventType.WorkflowExecutionTerminated => WorkflowExecutionStatus.Terminated,
        EventType.WorkflowExecutionTimedOut => WorkflowExecutionStatus.TimedOut,
        _ => WorkflowExecutionStatus.Unspecified,
    };

    private string WorkflowIdOf(DueAction action)
    {
        var id = state.Schedule.Action.StartWorkflow.WorkflowId;
        return state.Schedule.Policies.KeepOriginalWorkflowId ? id : $"{id}-{NominalText(action)}";
    }

    private static string NominalText(DueAction action) =>
        action.NominalTime.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private StartWorkflowExecutionRequest ToRequest(DueAction action)
    {
        var workflow = state.Schedule.Action.StartWorkflow;
        var attributes = workflow.SearchAttributes?.Clone() ?? new SearchAttributes();
        attributes.IndexedFields["TemporalScheduledById"] = ServerPayloads.SearchAttribute(state.ScheduleId, IndexedValueType.Keyword);
        attributes.IndexedFields["TemporalScheduledStartTime"] = ServerPayloads.SearchAttribute(NominalText(action), IndexedValueType.Datetime);
        return new StartWorkflowExecutionRequest
        {
            Namespace = state.Namespace,
            WorkflowId = WorkflowIdOf(action),
            WorkflowType = workflow.WorkflowType,
            TaskQueue = workflow.TaskQueue,
            Input = workflow.Input,
            WorkflowExecutionTimeout = workflow.WorkflowExecutionTimeout,
            WorkflowRunTimeout = workflow.WorkflowRunTimeout,
            WorkflowTaskTimeout = workflow.WorkflowTaskTimeout,
            Identity = Identity,
            RequestId = action.RequestId,
            WorkflowIdReusePolicy = workflow.WorkflowIdReusePolicy,
            RetryPolicy = workflow.RetryPolicy,
            Memo = workflow.Memo,
            SearchAttributes = attributes,
            Header = workflow.Header,
            LastCompletionResult = state.LastCompletionResult,
            ContinuedFailure = state.LastFailure,
            UserMetadata = workflow.UserMetadata,
            VersioningOverride = workflow.VersioningOverride,
            Priority = workflow.Priority,
        }.Clone();
    }
}

/// <summary>Something that a schedule wants done in the world.</summary>
internal abstract record ScheduleStep;

internal sealed record StartStep(string RequestId, StartWorkflowExecutionRequest Request) : ScheduleStep;

/// <param name="Execution">With the first run of its chain.</param>
internal sealed record EndStep(WorkflowExecution Execution, bool Terminate) : ScheduleStep;
