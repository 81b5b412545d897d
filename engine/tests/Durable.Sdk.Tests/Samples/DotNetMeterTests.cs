using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Temporalio.Client;
using Temporalio.Extensions.DiagnosticSource;
using Temporalio.Runtime;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Samples;

/// <summary>Metrics of the SDK, of workflows and of activities on a .NET meter, where any exporter finds them.</summary>
public class DotNetMeterTests
{
    [Theory]
    [InlineData(CustomMetricMeterOptions.DurationFormat.IntegerMilliseconds, "ms")]
    [InlineData(CustomMetricMeterOptions.DurationFormat.FloatSeconds, "s")]
    [InlineData(CustomMetricMeterOptions.DurationFormat.TimeSpan, "ms")]
    public async Task Meter_HasTheSdksAndTheApplicationsMetrics(CustomMetricMeterOptions.DurationFormat format, string unit)
    {
        using var meter = new Meter("Durable.Sdk.Tests.DotNetMeter");
        var seen = new ConcurrentQueue<(Instrument Instrument, double Value, KeyValuePair<string, object?>[] Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter == meter)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen.Enqueue((instrument, value, tags.ToArray())));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => seen.Enqueue((instrument, value, tags.ToArray())));
        listener.Start();
        var runtime = new TemporalRuntime(new(new TelemetryOptions
        {
            Metrics = new() { CustomMetricMeter = new CustomMetricMeter(meter, disableWorkflowTracingEventListener: true), CustomMetricMeterOptions = new() { HistogramDurationFormat = format } },
        }));

        await SampleWorker.RunAsync(
            new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<Measured>().AddAllActivities(typeof(Measured), null),
            async client => await client.ExecuteWorkflowAsync((Measured workflow) => workflow.RunAsync(), SampleWorker.Start()),
            options => options.Runtime = runtime);

        (Instrument Instrument, double Value, KeyValuePair<string, object?>[] Tags) One(string name) => seen.First(measured => measured.Instrument.Name == name);
        var counted = One("from-workflow");
        counted.Value.ShouldBe(7);
        counted.Tags.ShouldContain(new KeyValuePair<string, object?>("workflow_type", "Measured"));
        counted.Tags.ShouldContain(new KeyValuePair<string, object?>("own", "tag"));
        counted.Tags.Count(static tag => tag.Key == "task_queue").ShouldBe(1);
        counted.Tags.ShouldContain(new KeyValuePair<string, object?>("task_queue", "changed"));
        One("from-activity").Value.ShouldBe(12);
        One("gauge").Value.ShouldBe(3);
        One("duration").Value.ShouldBe(unit == "s" ? 1.5 : 1500);
        One("temporal_activity_execution_latency").Instrument.Unit.ShouldBe(unit);
        One("temporal_workflow_completed").Tags.ShouldContain(new KeyValuePair<string, object?>("workflow_type", "Measured"));
    }

    [Theory]
    [InlineData(false, 1500)]
    [InlineData(true, 1.5)]
    public void Durations_OfTheApplication_AreNumbersInTheRuntimesUnit(bool seconds, double expected)
    {
        var name = $"duration-{Guid.NewGuid()}";
        var seen = new ConcurrentQueue<double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => seen.Enqueue(value));
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => seen.Enqueue(value));
        listener.Start();
        var runtime = new TemporalRuntime(new(new TelemetryOptions { Metrics = new() { Prometheus = new("127.0.0.1:0") { UseSecondsForDuration = seconds } } }));

        runtime.MetricMeter.CreateHistogram<TimeSpan>(name).WithTags([new("own", "tag")]).Record(TimeSpan.FromMilliseconds(1500));

        seen.ShouldBe([expected]);
    }
}
