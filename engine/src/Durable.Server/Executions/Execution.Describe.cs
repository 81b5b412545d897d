using Durable.Server.Storage;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Executions;

/// <summary>What describe and list tell of a run.</summary>
public sealed partial class Execution
{
    /// <summary>The visibility row must be written with the next commit; the shell takes the flag back.</summary>
    public bool VisibilityChanged { get; set; } = true;

    public CurrentRun ToCurrentRun() => new(RunId, FirstRunId, CreateRequestId, Status, StartTime);

    public VisibilityRow ToVisibilityRow() => new()
    {
        Key = new RunKey(Namespace, WorkflowId, RunId),
        WorkflowType = state.Started.WorkflowType.Name,
        TaskQueue = TaskQueue,
        Status = state.Status,
        StartTime = StartTime,
        ExecutionTime = state.ExecutionTime.ToDateTimeOffset(),
        CloseTime = state.CloseTime?.ToDateTimeOffset(),
        HistoryLength = IsRunning ? null : state.NextEventId - 1,
        HistorySizeBytes = IsRunning ? null : state.HistorySizeBytes,
        StateTransitionCount = IsRunning ? null : state.StateTransitionCount,
        ParentWorkflowId = state.Started.ParentWorkflowExecution?.WorkflowId,
        ParentRunId = state.Started.ParentWorkflowExecution?.RunId,
        RootWorkflowId = state.Started.RootWorkflowExecution?.WorkflowId ?? WorkflowId,
        RootRunId = state.Started.RootWorkflowExecution?.RunId ?? RunId,
        Memo = state.Memo?.Clone(),
        SearchAttributes = state.SearchAttributes,
    };

    public DescribeWorkflowExecutionResponse Describe()
    {
        var started = state.Started;
        var description = new DescribeWorkflowExecutionResponse
        {
            ExecutionConfig = new()
            {
                TaskQueue = new() { Name = TaskQueue, Kind = TaskQueueKind.Normal },
                WorkflowExecutionTimeout = started.WorkflowExecutionTimeout,
                WorkflowRunTimeout = started.WorkflowRunTimeout,
                DefaultWorkflowTaskTimeout = started.WorkflowTaskTimeout,
                UserMetadata = state.UserMetadata,
            },
            WorkflowExecutionInfo = new()
            {
                Execution = new() { WorkflowId = WorkflowId, RunId = RunId },
                Type = started.WorkflowType,
                StartTime = state.StartTime,
                CloseTime = state.CloseTime,
                Status = state.Status,
                HistoryLength = state.NextEventId - 1,
                ExecutionTime = state.ExecutionTime,
                Memo = state.Memo?.Clone() ?? new Memo(),
                SearchAttributes = state.SearchAttributes?.Clone() ?? new SearchAttributes(),
                AutoResetPoints = state.AutoResetPoints?.Clone() ?? new(),
                TaskQueue = TaskQueue,
                StateTransitionCount = state.StateTransitionCount,
                HistorySizeBytes = state.HistorySizeBytes,
                RootExecution = started.RootWorkflowExecution ?? new() { WorkflowId = WorkflowId, RunId = RunId },
                MostRecentWorkerVersionStamp = state.WorkerVersionStamp,
                Priority = started.Priority,
                FirstRunId = FirstRunId,
                VersioningInfo = Versioning.Shown(state.Versioning),
                WorkerDeploymentName = state.WorkerDeploymentName,
            },
            WorkflowExtendedInfo = new()
            {
                CancelRequested = state.CancelRequested,
                ExecutionExpirationTime = started.WorkflowExecutionExpirationTime,
                RunExpirationTime = started.WorkflowRunTimeout?.ToTimeSpan() > TimeSpan.Zero
                    ? (state.ExecutionTime.ToDateTimeOffset() + started.WorkflowRunTimeout.ToTimeSpan()).ToTimestamp()
                    : new Timestamp { Seconds = -62_135_596_800 },
                OriginalStartTime = state.StartTime,
                ResetRunId = state.ResetRunId,
            },
        };
        var shown = description.WorkflowExecutionInfo;
        if (started.ParentWorkflowExecution is { } parent)
        {
            shown.ParentExecution = parent;
            shown.ParentNamespaceId = started.ParentWorkflowNamespaceId;
        }
        if (state.CloseTime is not null)
        {
            shown.ExecutionDuration = (state.CloseTime.ToDateTimeOffset() - state.ExecutionTime.ToDateTimeOffset()).ToDuration();
        }
        foreach (var (requestId, info) in state.RequestIds)
        {
            // Signals and cancel requests are remembered to be told apart from repeated ones, and are not shown.
            if (info.EventType is EventType.WorkflowExecutionStarted or EventType.WorkflowExecutionOptionsUpdated)
            {
                description.WorkflowExtendedInfo.RequestIdInfos.Add(requestId, info);
            }
        }
        AddPending(description);
        return description;
    }

    private void AddPending(DescribeWorkflowExecutionResponse description)
    {
        foreach (var activity in state.Activities.Values.OrderBy(static activity => activity.ScheduledEventId))
        {
            description.PendingActivities.Add(new Temporalio.Api.Workflow.V1.PendingActivityInfo
            {
                ActivityId = activity.ActivityId,
                ActivityType = new() { Name = activity.ActivityType },
                State = StateOf(activity),
                Attempt = activity.Attempt,
                MaximumAttempts = activity.RetryPolicy?.MaximumAttempts ?? 0,
                ScheduledTime = activity.ScheduledTime,
                LastStartedTime = activity.StartedTime,
                LastHeartbeatTime = activity.LastHeartbeatTime,
                HeartbeatDetails = activity.HeartbeatDetails,
                LastFailure = activity.LastFailure,
                LastWorkerIdentity = activity.StartedTime is null ? activity.LastWorkerIdentity : activity.Identity,
                ExpirationTime = activity.ScheduleToCloseTimeout.ToTimeSpan() > TimeSpan.Zero
                    ? (activity.FirstScheduledTime.ToDateTimeOffset() + activity.ScheduleToCloseTimeout.ToTimeSpan()).ToTimestamp()
                    : null,
                NextAttemptScheduleTime = WaitsForItsRetry(activity) ? activity.ScheduledTime : null,
                CurrentRetryInterval = WaitsForItsRetry(activity) ? activity.CurrentRetryInterval : null,
                Priority = activity.Priority,
                Paused = activity.Pause is not null,
                PauseInfo = activity.Pause is not { } pause ? null : new()
                {
                    PauseTime = pause.Time,
                    Manual = new() { Identity = pause.Identity, Reason = pause.Reason },
                },
                LastAttemptCompleteTime = activity.LastAttemptCompleteTime,
                ActivityOptions = OptionsOf(activity),
            });
        }
        if (!IsRunning)
        {
            return;
        }
        foreach (var child in state.Children.Values.OrderBy(static child => child.InitiatedEventId))
        {
            description.PendingChildren.Add(new Temporalio.Api.Workflow.V1.PendingChildExecutionInfo
            {
                WorkflowId = child.WorkflowId,
                RunId = child.RunId,
                WorkflowTypeName = child.WorkflowType,
                InitiatedId = child.InitiatedEventId,
                ParentClosePolicy = child.ParentClosePolicy,
            });
        }
        if (state.WorkflowTask is { } task)
        {
            description.PendingWorkflowTask = new()
            {
                State = task.StartedEventId == 0 ? PendingWorkflowTaskState.Scheduled : PendingWorkflowTaskState.Started,
                ScheduledTime = task.ScheduledTime,
                OriginalScheduledTime = task.OriginalScheduledTime,
                StartedTime = task.StartedTime,
                Attempt = task.Attempt,
            };
        }
    }

    private static PendingActivityState StateOf(ActivityState activity) => activity switch
    {
        { CancelRequested: true } => PendingActivityState.CancelRequested,
        { Pause: not null, StartedTime: null } => PendingActivityState.Paused,
        { Pause: not null } => PendingActivityState.PauseRequested,
        { StartedTime: null } => PendingActivityState.Scheduled,
        _ => PendingActivityState.Started,
    };

    private bool WaitsForItsRetry(ActivityState activity) =>
        activity.StartedTime is null && activity.Pause is null && activity.Attempt > 1 && !dispatched.Contains(DispatchOf(activity));

    private static Temporalio.Api.Activity.V1.ActivityOptions OptionsOf(ActivityState activity) => new()
    {
        TaskQueue = new() { Name = activity.TaskQueue, NormalName = activity.TaskQueue },
        ScheduleToCloseTimeout = activity.ScheduleToCloseTimeout,
        ScheduleToStartTimeout = activity.ScheduleToStartTimeout,
        StartToCloseTimeout = activity.StartToCloseTimeout,
        HeartbeatTimeout = activity.HeartbeatTimeout,
        RetryPolicy = activity.RetryPolicy,
        Priority = activity.Priority,
    };

    /// <summary>
    /// The first completed task of a worker with a build id: search attribute BuildIds and a reset point; neither is an event.
    /// </summary>
    private void RecordBuildId(Temporalio.Api.WorkflowService.V1.RespondWorkflowTaskCompletedRequest request, long completedId, DateTimeOffset now)
    {
        state.WorkerVersionStamp = request.WorkerVersionStamp;
#pragma warning disable CS0612 // Workers send their build id in the deprecated fields when versioning is off.
        var buildId = request.WorkerVersionStamp?.BuildId is { Length: > 0 } stamped ? stamped : request.BinaryChecksum;
#pragma warning restore CS0612
        if (buildId.Length == 0)
        {
            return;
        }
        state.AutoResetPoints ??= new();
        foreach (var point in state.AutoResetPoints.Points)
        {
            if (point.BuildId == buildId)
            {
                return;
            }
        }
        state.AutoResetPoints.Points.Add(new Temporalio.Api.Workflow.V1.ResetPointInfo
        {
            BuildId = buildId,
            RunId = RunId,
            FirstWorkflowTaskCompletedId = completedId,
            CreateTime = now.ToTimestamp(),
            Resettable = true,
        });
        var attributes = RunState.Copy(state.SearchAttributes);
        attributes.IndexedFields["BuildIds"] = ServerPayloads.JsonList("KeywordList", "unversioned", $"unversioned:{buildId}");
        state.SearchAttributes = attributes;
        VisibilityChanged = true;
    }
}
