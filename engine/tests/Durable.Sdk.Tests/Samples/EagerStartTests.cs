using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Samples;

public class EagerStartTests
{
    [Fact]
    public Task RequestEagerStart_WithAWorkerOnTheConnection_FirstTaskComesWithTheAnswer() => SampleWorker.RunAsync(
        new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<GreetingWorkflow>().AddAllActivities(new GreetingActivities()),
        async client =>
        {
            var options = SampleWorker.Start();
            options.RequestEagerStart = true;

            var handle = await client.StartWorkflowAsync((GreetingWorkflow workflow) => workflow.RunAsync("eager", false), options);

            (await handle.GetResultAsync()).ShouldBe("Hello, eager!");
            (await handle.FetchHistoryAsync()).Events.First().WorkflowExecutionStartedEventAttributes.EagerExecutionAccepted.ShouldBeTrue();
        });

    [Fact]
    public Task RequestEagerStart_WithoutAWorkerOnTheQueue_IsNotAskedFor() => SampleWorker.RunAsync(
        new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<GreetingWorkflow>().AddAllActivities(new GreetingActivities()),
        async client =>
        {
            var handle = await client.StartWorkflowAsync(
                (GreetingWorkflow workflow) => workflow.RunAsync("eager", false), new("other-queue", "another queue") { RequestEagerStart = true });

            var history = await handle.FetchHistoryAsync();
            history.Events.First().WorkflowExecutionStartedEventAttributes.EagerExecutionAccepted.ShouldBeFalse();
            history.Events.Last().EventType.ShouldBe(EventType.WorkflowTaskScheduled);
        });
}
