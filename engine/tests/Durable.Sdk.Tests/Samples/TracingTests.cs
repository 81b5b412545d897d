using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry.Context.Propagation;
using Temporalio.Client;
using Temporalio.Extensions.OpenTelemetry;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Samples;

public class TracingTests
{
    [Fact]
    public async Task Spans_OfOneCall_AreOneTrace()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var root = new ActivitySource("Durable.Sdk.Tests.Tracing");
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source == root || source.Name.StartsWith("Temporalio.Extensions.OpenTelemetry.", StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var id = $"traced-{Guid.NewGuid()}";
        ActivityTraceId trace = default, otherTrace = default;

        await SampleWorker.RunAsync(
            new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<GreetingWorkflow>().AddAllActivities(new GreetingActivities()),
            async client =>
            {
                using (var request = root.StartActivity("request")!)
                {
                    trace = request.TraceId;
                    var handle = await client.StartWorkflowAsync((GreetingWorkflow workflow) => workflow.RunAsync("you", true), SampleWorker.Start(id));
                    await handle.ExecuteUpdateAsync(workflow => workflow.RenameAsync("Bob"));
                    await handle.QueryAsync(workflow => workflow.State);
                    await handle.SignalAsync(workflow => workflow.FinishAsync());
                    await handle.GetResultAsync();
                }
                // Its first task starts the activity: no replay, which records no spans, can come between.
                using var other = root.StartActivity("request")!;
                otherTrace = other.TraceId;
                await client.ExecuteWorkflowAsync((GreetingWorkflow workflow) => workflow.RunAsync("you", false), SampleWorker.Start());
            },
            options => options.Interceptors = [new TracingInterceptor(new() { Propagator = new TraceContextPropagator() })]);

        var mine = spans.Where(span => span.TraceId == trace && span.OperationName != "request").ToArray();
        mine.Select(static span => span.OperationName).Order(StringComparer.Ordinal).ShouldBe(
        [
            "CompleteWorkflow:GreetingWorkflow", "HandleQuery:State", "HandleSignal:Finish", "HandleUpdate:Rename", "QueryWorkflow:State",
            "RunActivity:Greet", "RunWorkflow:GreetingWorkflow", "SignalWorkflow:Finish", "StartActivity:Greet", "StartWorkflow:GreetingWorkflow",
            "UpdateWorkflow:Rename",
        ]);
        Activity One(string name) => mine.Single(span => span.OperationName == name);
        One("RunWorkflow:GreetingWorkflow").ParentSpanId.ShouldBe(One("StartWorkflow:GreetingWorkflow").SpanId);
        var others = spans.Where(span => span.TraceId == otherTrace).ToLookup(static span => span.OperationName);
        others["StartActivity:Greet"].First().ParentSpanId.ShouldBeOneOf([.. others["RunWorkflow:GreetingWorkflow"].Select(static span => span.SpanId)]);
        One("RunActivity:Greet").ParentSpanId.ShouldBe(One("StartActivity:Greet").SpanId);
        One("HandleSignal:Finish").Links.Single().Context.SpanId.ShouldBe(One("SignalWorkflow:Finish").SpanId);
        One("RunWorkflow:GreetingWorkflow").GetTagItem("temporalWorkflowID").ShouldBe(id);
    }
}
