using Temporalio.Api.Activity.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Common;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Client;

/// <summary>What list and describe say of an activity without a workflow. Times are UTC.</summary>
public class ActivityExecution
{
    private readonly Lazy<SearchAttributeCollection> searchAttributes;

    protected internal ActivityExecution(ActivityExecutionListInfo rawInfo, string clientNamespace)
    {
        Namespace = clientNamespace;
        ActivityId = rawInfo.ActivityId;
        ActivityRunId = rawInfo.RunId.Length == 0 ? null : rawInfo.RunId;
        ActivityType = rawInfo.ActivityType?.Name ?? string.Empty;
        CloseTime = rawInfo.CloseTime?.ToDateTime();
        ExecutionDuration = rawInfo.ExecutionDuration?.ToTimeSpan();
        ScheduledTime = rawInfo.ScheduleTime?.ToDateTime() ?? default;
        StateTransitionCount = rawInfo.StateTransitionCount;
        Status = rawInfo.Status;
        TaskQueue = rawInfo.TaskQueue;
        searchAttributes = new(() => Protos.SearchAttributes(rawInfo.SearchAttributes));
    }

    // What list and describe have in common has the same names in both messages, but no common type.
    private protected ActivityExecution(ActivityExecutionInfo info, string clientNamespace)
        : this(
            new ActivityExecutionListInfo
            {
                ActivityId = info.ActivityId,
                RunId = info.RunId,
                ActivityType = info.ActivityType,
                CloseTime = info.CloseTime,
                ExecutionDuration = info.ExecutionDuration,
                ScheduleTime = info.ScheduleTime,
                StateTransitionCount = info.StateTransitionCount,
                Status = info.Status,
                TaskQueue = info.TaskQueue,
                SearchAttributes = info.SearchAttributes,
            },
            clientNamespace)
    {
    }

    public string ActivityId { get; }

    public string? ActivityRunId { get; }

    public string ActivityType { get; }

    public DateTime? CloseTime { get; }

    public TimeSpan? ExecutionDuration { get; }

    public string Namespace { get; }

    public DateTime ScheduledTime { get; }

    public long StateTransitionCount { get; }

    public ActivityExecutionStatus Status { get; }

    public string TaskQueue { get; }

    public SearchAttributeCollection TypedSearchAttributes => searchAttributes.Value;
}
