using Temporalio.Common;

namespace Temporalio.Runtime.Internal;

/// <summary>The SDK's own metrics, under the names and tags that all Temporal SDKs use.</summary>
internal sealed class SdkMetrics
{
    private const string DefaultPrefix = "temporal_";

    public SdkMetrics(MetricMeter meter, string? prefix)
    {
        prefix ??= DefaultPrefix;
        MetricCounter<long> Counter(string name) => meter.CreateCounter<long>(prefix + name);
        MetricGauge<long> Gauge(string name) => meter.CreateGauge<long>(prefix + name);
        SdkDuration Duration(string name) => new(meter, prefix + name);

        Request = Counter("request");
        RequestFailure = Counter("request_failure");
        RequestLatency = Duration("request_latency");
        LongRequest = Counter("long_request");
        LongRequestFailure = Counter("long_request_failure");
        LongRequestLatency = Duration("long_request_latency");
        WorkerStart = Counter("worker_start");
        NumPollers = Gauge("num_pollers");
        SlotsAvailable = Gauge("worker_task_slots_available");
        SlotsUsed = Gauge("worker_task_slots_used");
        StickyCacheHit = Counter("sticky_cache_hit");
        StickyCacheMiss = Counter("sticky_cache_miss");
        StickyCacheSize = Gauge("sticky_cache_size");
        StickyCacheForcedEviction = Counter("sticky_cache_total_forced_eviction");
        WorkflowCompleted = Counter("workflow_completed");
        WorkflowCanceled = Counter("workflow_canceled");
        WorkflowFailed = Counter("workflow_failed");
        WorkflowContinueAsNew = Counter("workflow_continue_as_new");
        WorkflowEndToEndLatency = Duration("workflow_endtoend_latency");
        WorkflowTaskPollSucceed = Counter("workflow_task_queue_poll_succeed");
        WorkflowTaskPollEmpty = Counter("workflow_task_queue_poll_empty");
        WorkflowTaskExecutionFailed = Counter("workflow_task_execution_failed");
        WorkflowTaskScheduleToStartLatency = Duration("workflow_task_schedule_to_start_latency");
        WorkflowTaskExecutionLatency = Duration("workflow_task_execution_latency");
        WorkflowTaskReplayLatency = Duration("workflow_task_replay_latency");
        ActivityPollNoTask = Counter("activity_poll_no_task");
        ActivityTaskReceived = Counter("activity_task_received");
        ActivityExecutionFailed = Counter("activity_execution_failed");
        ActivityScheduleToStartLatency = Duration("activity_schedule_to_start_latency");
        ActivityExecutionLatency = Duration("activity_execution_latency");
        ActivitySucceedEndToEndLatency = Duration("activity_succeed_endtoend_latency");
        LocalActivityTotal = Counter("local_activity_total");
        LocalActivityExecutionFailed = Counter("local_activity_execution_failed");
        LocalActivityExecutionCancelled = Counter("local_activity_execution_cancelled");
        LocalActivityExecutionLatency = Duration("local_activity_execution_latency");
        LocalActivitySucceedEndToEndLatency = Duration("local_activity_succeed_endtoend_latency");
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
