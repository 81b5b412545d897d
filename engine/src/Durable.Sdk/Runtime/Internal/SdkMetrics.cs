using Temporalio.Common;

namespace Temporalio.Runtime.Internal;

/// <summary>The SDK's own metrics, under the names and tags that all Temporal SDKs use.</summary>
internal sealed class SdkMetrics
{
    private const string DefaultPrefix = "temporal_";

    public SdkMetrics(MetricMeter meter, string? prefix)
    {
        prefix ??= DefaultPrefix;
        MetricCounter<long> Counter(string name, string description) => meter.CreateCounter<long>(prefix + name, null, description);
        MetricGauge<long> Gauge(string name, string description) => meter.CreateGauge<long>(prefix + name, null, description);
        SdkDuration Duration(string name, string description) => new(meter, prefix + name, description);

        Request = Counter("request", "Calls by RPC");
        RequestFailure = Counter("request_failure", "Calls that failed, by RPC and status");
        RequestLatency = Duration("request_latency", "How long calls took");
        LongRequest = Counter("long_request", "Long polls by RPC");
        LongRequestFailure = Counter("long_request_failure", "Long polls that failed, by RPC and status");
        LongRequestLatency = Duration("long_request_latency", "How long long polls took");
        WorkerStart = Counter("worker_start", "Workers that were started");
        NumPollers = Gauge("num_pollers", "Polls that are open, by kind of task");
        SlotsAvailable = Gauge("worker_task_slots_available", "Slots that are free, by kind of task");
        SlotsUsed = Gauge("worker_task_slots_used", "Slots that are taken, by kind of task");
        StickyCacheHit = Counter("sticky_cache_hit", "Sticky tasks that found their workflow in the cache");
        StickyCacheMiss = Counter("sticky_cache_miss", "Sticky tasks whose workflow was no longer in the cache");
        StickyCacheSize = Gauge("sticky_cache_size", "Workflows in the cache");
        StickyCacheForcedEviction = Counter("sticky_cache_total_forced_eviction", "Workflows that left the cache before their end");
        WorkflowCompleted = Counter("workflow_completed", "Workflows that completed");
        WorkflowCanceled = Counter("workflow_canceled", "Workflows that ended as cancelled");
        WorkflowFailed = Counter("workflow_failed", "Workflows that failed");
        WorkflowContinueAsNew = Counter("workflow_continue_as_new", "Workflows that continued as new");
        WorkflowEndToEndLatency = Duration("workflow_endtoend_latency", "From the start of workflows to their end");
        WorkflowTaskPollSucceed = Counter("workflow_task_queue_poll_succeed", "Polls that brought a workflow task");
        WorkflowTaskPollEmpty = Counter("workflow_task_queue_poll_empty", "Polls that brought no workflow task");
        WorkflowTaskExecutionFailed = Counter("workflow_task_execution_failed", "Workflow tasks that failed, by reason");
        WorkflowTaskScheduleToStartLatency = Duration("workflow_task_schedule_to_start_latency", "How long workflow tasks waited for a worker");
        WorkflowTaskExecutionLatency = Duration("workflow_task_execution_latency", "How long workflow tasks took");
        WorkflowTaskReplayLatency = Duration("workflow_task_replay_latency", "How long replays took");
        ActivityPollNoTask = Counter("activity_poll_no_task", "Polls that brought no activity task");
        ActivityTaskReceived = Counter("activity_task_received", "Activity tasks that came");
        ActivityExecutionFailed = Counter("activity_execution_failed", "Attempts of activities that failed, by reason");
        ActivityScheduleToStartLatency = Duration("activity_schedule_to_start_latency", "How long activity tasks waited for a worker");
        ActivityExecutionLatency = Duration("activity_execution_latency", "How long attempts of activities took");
        ActivitySucceedEndToEndLatency = Duration("activity_succeed_endtoend_latency", "From the scheduling of activities to their success");
        LocalActivityTotal = Counter("local_activity_total", "Attempts of local activities");
        LocalActivityExecutionFailed = Counter("local_activity_execution_failed", "Attempts of local activities that failed, by reason");
        LocalActivityExecutionCancelled = Counter("local_activity_execution_cancelled", "Attempts of local activities that were cancelled");
        LocalActivityExecutionLatency = Duration("local_activity_execution_latency", "How long attempts of local activities took");
        LocalActivitySucceedEndToEndLatency = Duration("local_activity_succeed_endtoend_latency", "From the scheduling of local activities to their success");
    }

    public MetricCounter<long> Request { get; }

    public MetricCounter<long> RequestFailure { get; }

    public SdkDuration RequestLatency { get; }

    public MetricCounter<long> LongRequest { get; }

    public MetricCounter<long> LongRequestFailure { get; }

    public SdkDuration LongRequestLatency { get; }

    public MetricCounter<long> WorkerStart { get; }

    public MetricGauge<long> NumPollers { get; }

    public MetricGauge<long> SlotsAvailable { get; }

    public MetricGauge<long> SlotsUsed { get; }

    public MetricCounter<long> StickyCacheHit { get; }

    public MetricCounter<long> StickyCacheMiss { get; }

    public MetricGauge<long> StickyCacheSize { get; }

    public MetricCounter<long> StickyCacheForcedEviction { get; }

    public MetricCounter<long> WorkflowCompleted { get; }

    public MetricCounter<long> WorkflowCanceled { get; }

    public MetricCounter<long> WorkflowFailed { get; }

    public MetricCounter<long> WorkflowContinueAsNew { get; }

    public SdkDuration WorkflowEndToEndLatency { get; }

    public MetricCounter<long> WorkflowTaskPollSucceed { get; }

    public MetricCounter<long> WorkflowTaskPollEmpty { get; }

    public MetricCounter<long> WorkflowTaskExecutionFailed { get; }

    public SdkDuration WorkflowTaskScheduleToStartLatency { get; }

    public SdkDuration WorkflowTaskExecutionLatency { get; }

    public SdkDuration WorkflowTaskReplayLatency { get; }

    public MetricCounter<long> ActivityPollNoTask { get; }

    public MetricCounter<long> ActivityTaskReceived { get; }

    public MetricCounter<long> ActivityExecutionFailed { get; }

    public SdkDuration ActivityScheduleToStartLatency { get; }

    public SdkDuration ActivityExecutionLatency { get; }

    public SdkDuration ActivitySucceedEndToEndLatency { get; }

    public MetricCounter<long> LocalActivityTotal { get; }

    public MetricCounter<long> LocalActivityExecutionFailed { get; }

    public MetricCounter<long> LocalActivityExecutionCancelled { get; }

    public SdkDuration LocalActivityExecutionLatency { get; }

    public SdkDuration LocalActivitySucceedEndToEndLatency { get; }
}
