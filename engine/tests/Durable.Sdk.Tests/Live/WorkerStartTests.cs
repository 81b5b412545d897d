using Durable.Sdk.Tests.Samples;
using Temporalio.Client;
using Temporalio.Testing;
using Temporalio.Worker;
using Temporalio.Worker.Tuning;

namespace Durable.Sdk.Tests.Live;

/// <summary>How a worker begins, and what it refuses.</summary>
public class WorkerStartTests
{
    private static TemporalWorkerOptions Options => new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<GreetingWorkflow>().AddAllActivities(new GreetingActivities());

    [Fact]
    public async Task Dispose_OfAWorkerThatRuns_DoesNotDisturbIt_AndOfAFreshOneEndsIt()
    {
        await using var environment = await WorkflowEnvironment.StartLocalAsync();
        using var mayGoOn = new ManualResetEventSlim();
        var worker = new TemporalWorker(environment.Client, Options);
        // The function blocks its thread until the caller has gone on: it must not be the caller's.
        var running = worker.ExecuteAsync(async () =>
        {
            mayGoOn.Wait(SampleWorker.Patience).ShouldBeTrue();
            return await environment.Client.ExecuteWorkflowAsync((GreetingWorkflow workflow) => workflow.RunAsync("you", false), SampleWorker.Start());
        });
        worker.Dispose();
        mayGoOn.Set();
        (await running.WaitAsync(SampleWorker.Patience)).ShouldBe("Hello, you!");
        (await Should.ThrowAsync<InvalidOperationException>(() => worker.ExecuteAsync(() => Task.CompletedTask))).Message.ShouldBe("Already started");

        var fresh = new TemporalWorker(environment.Client, Options);
        fresh.Dispose();
        await Should.ThrowAsync<ObjectDisposedException>(() => fresh.ExecuteAsync(() => Task.CompletedTask));
    }

    [Fact]
    public async Task Slots_ThatContradictEachOther_AreRefused()
    {
        await using var environment = await WorkflowEnvironment.StartLocalAsync();
        string Refusal(Action<TemporalWorkerOptions> change)
        {
            var options = Options;
            change(options);
            return Should.Throw<ArgumentException>(() => new TemporalWorker(environment.Client, options)).Message;
        }
        static ResourceBasedSlotSupplier Half(double part) => new(new(), new(part, part));

        Refusal(static options =>
        {
            options.Tuner = WorkerTuner.CreateFixedSize(1, 1, 1);
            options.MaxConcurrentLocalActivities = 1;
        }).ShouldStartWith("Cannot set both Tuner and any of MaxConcurrentWorkflowTasks");
        Refusal(static options => options.Tuner = new WorkerTuner(Half(0.5), Half(0.5), Half(0.4), Half(0.5)))
            .ShouldBe("All resource-based slot suppliers must have the same ResourceBasedTunerOptions");
    }
}
