using System.Collections.Concurrent;
using Temporalio.Api.Common.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Runtime;
using Temporalio.Testing;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Samples;

public class PluginsAndMetricsTests
{
    [Fact]
    public async Task SimplePlugin_OnTheClient_AlsoServesItsWorkers()
    {
        var calls = new ConcurrentQueue<string>();
        var plugin = new SimplePlugin("greetings", new SimplePluginOptions
        {
            DataConverter = DataConverter.Default with { PayloadCodec = new Golden.ReversingCodec() },
            RunContextBefore = () => Note("before"),
            RunContextAfter = () => Note("after"),
        }.AddWorkflow<GreetingWorkflow>().AddAllActivities(new GreetingActivities()));
        Task Note(string what)
        {
            calls.Enqueue(what);
            return Task.CompletedTask;
        }

        await SampleWorker.RunAsync(
            new TemporalWorkerOptions(SampleWorker.TaskQueue),
            async client =>
            {
                client.Options.DataConverter.PayloadCodec.ShouldBeOfType<Golden.ReversingCodec>();
                (await client.ExecuteWorkflowAsync((GreetingWorkflow workflow) => workflow.RunAsync("plugin", false), SampleWorker.Start())).ShouldBe("Hello, plugin!");
                calls.ShouldBe(["before"]);
            },
            options => options.Plugins = [plugin]);

        calls.ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task CustomMeter_GetsTheMetricsOfTheSdk()
    {
        var meter = new RecordingMeter();
        var runtime = new TemporalRuntime(new(new TelemetryOptions
        {
            Metrics = new()
            {
                CustomMetricMeter = meter,
                CustomMetricMeterOptions = new() { HistogramDurationFormat = CustomMetricMeterOptions.DurationFormat.TimeSpan },
                GlobalTags = [new("cluster", "test")],
            },
        }));

        await SampleWorker.RunAsync(
            new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<GreetingWorkflow>().AddAllActivities(new GreetingActivities()),
            async client =>
            {
                var handle = await client.StartWorkflowAsync((GreetingWorkflow workflow) => workflow.RunAsync("meter", true), SampleWorker.Start());
                await handle.ExecuteUpdateAsync(workflow => workflow.RenameAsync("Bob"));
                await handle.SignalAsync(workflow => workflow.FinishAsync());
                await handle.GetResultAsync();
            },
            options => options.Runtime = runtime);

        meter.Names.ShouldBeSubsetOf(meter.Created);
        foreach (var name in new[]
        {
            "temporal_request", "temporal_request_latency", "temporal_long_request", "temporal_worker_start", "temporal_num_pollers", "temporal_worker_task_slots_used",
            "temporal_worker_task_slots_available", "temporal_sticky_cache_hit", "temporal_sticky_cache_size", "temporal_workflow_completed", "temporal_workflow_endtoend_latency",
            "temporal_workflow_task_queue_poll_succeed", "temporal_workflow_task_execution_latency", "temporal_workflow_task_schedule_to_start_latency",
            "temporal_activity_task_received", "temporal_activity_execution_latency", "temporal_activity_schedule_to_start_latency", "temporal_activity_succeed_endtoend_latency",
        })
        {
            meter.Names.ShouldContain(name);
        }
        // Those of local activities, of which there were none, are told too.
        meter.Records.ShouldContain(static record => record.Name == "temporal_worker_task_slots_available" && record.Value.Equals(100L) &&
            record.Tags.Contains(new KeyValuePair<string, object>("worker_type", "LocalActivityWorker")));
        var completed = meter.Records.Single(static record => record.Name == "temporal_workflow_completed");
        completed.Tags.ShouldContain(new KeyValuePair<string, object>("workflow_type", nameof(GreetingWorkflow)));
        completed.Tags.ShouldContain(new KeyValuePair<string, object>("cluster", "test"));
        completed.Tags.ShouldContain(new KeyValuePair<string, object>("task_queue", SampleWorker.TaskQueue));
        meter.Records.First(static record => record.Name == "temporal_activity_execution_latency").Value.ShouldBeOfType<TimeSpan>();
    }

    [Fact]
    public async Task MetricsOfTheSdk_HaveTheTagsOfTemporalsSdks()
    {
        var meter = new RecordingMeter();
        var runtime = new TemporalRuntime(new(new TelemetryOptions { Metrics = new() { CustomMetricMeter = meter } }));

        await SampleWorker.RunAsync(
            new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<Faltering>().AddAllActivities(new FalteringActivities()),
            async client =>
            {
                var handle = await client.StartWorkflowAsync((Faltering workflow) => workflow.RunAsync(), SampleWorker.Start());
                await handle.ExecuteUpdateAsync(workflow => workflow.GoOnAsync());
                await handle.GetResultAsync();
                await Should.ThrowAsync<RpcException>(() => client.GetWorkflowHandle("missing").DescribeAsync());
                await client.WorkflowService.GetSystemInfoAsync(new());
            },
            options => options.Runtime = runtime);

        string Tags(KeyValuePair<string, object>[] tags) => string.Join(' ', tags
            .Where(static tag => tag.Key is not ("namespace" or "service_name"))
            .OrderBy(static tag => tag.Key, StringComparer.Ordinal)
            .Select(static tag => $"{tag.Key}={tag.Value}"));
        var seen = meter.Records.Select(record => $"{record.Name["temporal_".Length..]} {Tags(record.Tags)}").ToHashSet();
        string[] expected =
        [
            "request operation=GetSystemInfo",
            "request operation=StartWorkflowExecution task_queue=samples",
            "request operation=RespondWorkflowTaskCompleted",
            "long_request operation=UpdateWorkflowExecution",
            "long_request operation=PollActivityTaskQueue task_queue=samples",
            "long_request_latency operation=PollWorkflowTaskQueue task_queue=samples",
            "request_failure operation=DescribeWorkflowExecution status_code=NOT_FOUND",
            "num_pollers poller_type=sticky_workflow_task task_queue=samples",
            "sticky_cache_hit task_queue=samples workflow_type=Faltering",
            "sticky_cache_size task_queue=samples",
            "workflow_task_schedule_to_start_latency task_queue=samples",
            "workflow_task_execution_latency task_queue=samples workflow_type=Faltering",
            "activity_task_received activity_type=Falter eager=False task_queue=samples workflow_type=Faltering",
            "activity_schedule_to_start_latency task_queue=samples",
            "activity_execution_failed activity_type=Falter failure_reason=ActivityError task_queue=samples workflow_type=Faltering",
            "activity_execution_latency activity_type=Falter task_queue=samples workflow_type=Faltering",
            "activity_succeed_endtoend_latency activity_type=Falter task_queue=samples workflow_type=Faltering",
            "local_activity_total activity_type=Falter task_queue=samples workflow_type=Faltering",
            "local_activity_execution_failed activity_type=Falter failure_reason=ActivityError task_queue=samples workflow_type=Faltering",
        ];
        expected.Where(line => !seen.Contains(line)).ShouldBeEmpty(string.Join('\n', seen.Order(StringComparer.Ordinal)));
        // A call has a namespace when its request names one.
        foreach (var (operation, named) in new[] { ("StartWorkflowExecution", true), ("GetSystemInfo", false) })
        {
            meter.Records.Where(record => record.Tags.Any(tag => operation.Equals(tag.Value)))
                .ShouldAllBe(record => record.Tags.Contains(new KeyValuePair<string, object>("namespace", "default")) == named);
        }
    }

    [Fact]
    public void CustomMeter_SeesTheApplicationsMetrics_AsLongsDoublesAndItsKindOfDurations()
    {
        RecordingMeter Record(CustomMetricMeterOptions.DurationFormat format, Action<MetricMeter> measure)
        {
            var meter = new RecordingMeter();
            measure(new TemporalRuntime(new(new TelemetryOptions
            {
                Metrics = new() { CustomMetricMeter = meter, CustomMetricMeterOptions = new() { HistogramDurationFormat = format } },
            })).MetricMeter);
            return meter;
        }

        var meter = Record(default, static meter =>
        {
            meter.CreateCounter<int>("counter").Add(3, [new("int", 7), new("float", 0.5f), new("other", new Uri("http://localhost/"))]);
            meter.CreateGauge<float>("gauge").Set(1.5f);
            meter.CreateHistogram<byte>("bytes").Record(9);
            meter.CreateHistogram<TimeSpan>("duration").Record(TimeSpan.FromSeconds(1.5));
        });
        meter.Records.Select(static record => record.Value).ShouldBe([3L, 1.5, 9L, 1500L]);
        meter.Records.First().Tags.ShouldBe([new("service_name", "temporal-core-sdk"), new("int", 7L), new("float", 0.5), new("other", "http://localhost/")]);
        // Those of the SDK come when a connection does.
        meter.Created.Count.ShouldBe(4);
        Record(CustomMetricMeterOptions.DurationFormat.FloatSeconds, static meter => meter.CreateHistogram<TimeSpan>("duration").Record(TimeSpan.FromSeconds(1.5)))
            .Records.Single().Value.ShouldBe(1.5);

        var plain = new TemporalRuntime(new()).MetricMeter;
        plain.CreateHistogram<TimeSpan>("duration").Record(TimeSpan.FromSeconds(1));
        Should.Throw<ArgumentException>(() => plain.CreateCounter<double>("counter")).Message.ShouldBe("Invalid metric type of System.Double, must be integer");
        Should.Throw<ArgumentException>(() => plain.CreateGauge<TimeSpan>("gauge")).Message.ShouldBe("Invalid metric type of System.TimeSpan, must be integer or float");
        Record(default, static meter => Should.Throw<ArgumentException>(() => meter.CreateCounter<int>("counter").Add(-1)).Message.ShouldBe("Value cannot be negative"));
    }

    private sealed record Measured(string Name, object Value, KeyValuePair<string, object>[] Tags);

    private sealed class RecordingMeter : ICustomMetricMeter
    {
        private readonly ConcurrentDictionary<string, byte> created = new();

        public ConcurrentQueue<Measured> Records { get; } = new();

        public ICollection<string> Created => created.Keys;

        public HashSet<string> Names => [.. Records.Select(static record => record.Name)];

        public ICustomMetricCounter<T> CreateCounter<T>(string name, string? unit, string? description)
            where T : struct => Create<T>(name);

        public ICustomMetricHistogram<T> CreateHistogram<T>(string name, string? unit, string? description)
            where T : struct => Create<T>(name);

        public ICustomMetricGauge<T> CreateGauge<T>(string name, string? unit, string? description)
            where T : struct => Create<T>(name);

        public object CreateTags(object? appendFrom, IReadOnlyCollection<KeyValuePair<string, object>> tags) =>
            ((KeyValuePair<string, object>[]?)appendFrom ?? []).Concat(tags).ToArray();

        private Metric<T> Create<T>(string name)
            where T : struct
        {
            created.TryAdd(name, 0);
            return new(this, name);
        }

        private sealed class Metric<T>(RecordingMeter meter, string name) : ICustomMetricCounter<T>, ICustomMetricGauge<T>, ICustomMetricHistogram<T>
            where T : struct
        {
            public void Add(T value, object tags) => Record(value, tags);

            public void Set(T value, object tags) => Record(value, tags);

            public void Record(T value, object tags) => meter.Records.Enqueue(new(name, value, (KeyValuePair<string, object>[])tags));
        }
    }
}
