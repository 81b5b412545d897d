using Temporalio.Activities;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Samples;

/// <summary>Measures in a workflow and in an activity.</summary>
[Workflow]
public class Measured
{
    [WorkflowRun]
    public async Task RunAsync()
    {
        Workflow.MetricMeter.CreateCounter<long>("from-workflow", "things", "Counted in a workflow").Add(7, [new("own", "tag"), new("task_queue", "changed")]);
        await Workflow.ExecuteActivityAsync(() => Measure(), new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) });
    }

    [Activity]
    public static void Measure()
    {
        var meter = ActivityExecutionContext.Current.MetricMeter;
        meter.CreateHistogram<long>("from-activity").Record(12);
        meter.CreateGauge<long>("gauge").Set(3);
        meter.CreateHistogram<TimeSpan>("duration").Record(TimeSpan.FromMilliseconds(1500));
    }
}
