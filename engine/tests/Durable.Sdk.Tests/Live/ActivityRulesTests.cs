using Durable.Sdk.Tests.Samples;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Temporalio.Activities;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Extensions.Hosting;
using Temporalio.Testing;
using Temporalio.Worker;
using Temporalio.Worker.Tuning;

namespace Durable.Sdk.Tests.Live;

/// <summary>Rules of activities that need a server to be seen: why one is cancelled, what it reports, who else may end it.</summary>
public class ActivityRulesTests
{
    [Fact]
    public Task WorkerThatStops_CancelsWhatGoesOnAfterItsGrace_AsAFailure() => RunAsync(async (environment, activities) =>
    {
        var handle = await StartAsync(environment, nameof(WatchedActivities.Hold));
        using (var first = Worker(environment, activities, grace: TimeSpan.FromMilliseconds(100)))
        {
            await first.ExecuteAsync(() => activities.Started.Task.WaitAsync(SampleWorker.Patience));
        }

        activities.Reason.ShouldBe(ActivityCancelReason.WorkerShutdown);
        activities.SawShutdown.ShouldBeTrue();
        var pending = (await DescribeAsync(environment, handle)).PendingActivities.Single();
        pending.LastFailure.ApplicationFailureInfo.Type.ShouldBe("WorkerShutdown");
        pending.LastFailure.Message.ShouldBe("Worker is shutting down and this activity did not complete in time");
        pending.Attempt.ShouldBe(2);
    });

    [Fact]
    public Task WorkflowThatIsCancelled_ReachesTheActivityByItsHeartbeat() => RunAsync(async (environment, activities) =>
    {
        using var worker = Worker(environment, activities);
        await worker.ExecuteAsync(async () =>
        {
            var handle = await StartAsync(environment, nameof(WatchedActivities.Hold), waits: true);
            await activities.Started.Task.WaitAsync(SampleWorker.Patience);
            await handle.CancelAsync();

            var failed = await Should.ThrowAsync<WorkflowFailedException>(() => handle.GetResultAsync());
            failed.InnerException.ShouldBeOfType<CanceledFailureException>();
            await activities.Ended.Task.WaitAsync(SampleWorker.Patience);
        });
        activities.Reason.ShouldBe(ActivityCancelReason.CancelRequested);
        activities.Details!.IsCancelRequested.ShouldBeTrue();
    });

    [Fact]
    public Task WorkflowThatIsGone_ReachesTheActivityByItsHeartbeat() => RunAsync(async (environment, activities) =>
    {
        using var worker = Worker(environment, activities);
        await worker.ExecuteAsync(async () =>
        {
            var handle = await StartAsync(environment, nameof(WatchedActivities.Hold));
            await activities.Started.Task.WaitAsync(SampleWorker.Patience);
            await handle.TerminateAsync();
            await activities.Ended.Task.WaitAsync(SampleWorker.Patience);
        });
        activities.Reason.ShouldBe(ActivityCancelReason.GoneFromServer);
    });

    [Fact]
    public Task HeartbeatDetails_ReachTheNextAttempt() => RunAsync(async (environment, activities) =>
    {
        using var worker = Worker(environment, activities);
        await worker.ExecuteAsync(async () =>
            (await (await StartAsync(environment, nameof(WatchedActivities.Resume))).GetResultAsync<string>().WaitAsync(SampleWorker.Patience)).ShouldBe("from page 7"));
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task ActivityThatCompletesElsewhere_IsCompletedByTokenOrId(bool byToken) => RunAsync(async (environment, activities) =>
    {
        using var worker = Worker(environment, activities);
        await worker.ExecuteAsync(async () =>
        {
            var handle = await StartAsync(environment, nameof(WatchedActivities.Elsewhere));
            var info = await activities.Info.Task.WaitAsync(SampleWorker.Patience);
            var outside = byToken
                ? environment.Client.GetAsyncActivityHandle(info.TaskToken)
                : environment.Client.GetAsyncActivityHandle(info.WorkflowId!, info.WorkflowRunId!, info.ActivityId);
            await outside.HeartbeatAsync(new() { Details = ["alive"] });
            await outside.CompleteAsync("done outside");

            (await handle.GetResultAsync<string>()).ShouldBe("done outside");
            await Should.ThrowAsync<RpcException>(() => outside.CompleteAsync("again"));
        });
    });

    [Fact]
    public Task CancelledElsewhere_TheHandleHearsOfIt_AndReportsIt() => RunAsync(async (environment, activities) =>
    {
        using var worker = Worker(environment, activities);
        await worker.ExecuteAsync(async () =>
        {
            var handle = await StartAsync(environment, nameof(WatchedActivities.Elsewhere), waits: true);
            var outside = environment.Client.GetAsyncActivityHandle((await activities.Info.Task.WaitAsync(SampleWorker.Patience)).TaskToken);
            await handle.CancelAsync();
            await SampleWorker.UntilAsync(async () =>
            {
                try
                {
                    await outside.HeartbeatAsync();
                    return false;
                }
                catch (AsyncActivityCanceledException)
                {
                    return true;
                }
            });
            await outside.ReportCancellationAsync();

            (await Should.ThrowAsync<WorkflowFailedException>(() => handle.GetResultAsync())).InnerException.ShouldBeOfType<CanceledFailureException>();
        });
    });

    [Fact]
    public Task SlotSupplierOfTheApplication_GivesAndTakesEachSlot() => RunAsync(async (environment, activities) =>
    {
        var slots = new CountingSlots();
        using (var worker = new TemporalWorker(environment.Client, new TemporalWorkerOptions(SampleWorker.TaskQueue)
        {
            Tuner = new WorkerTuner(slots, slots, slots, slots),
            DisableEagerActivityExecution = true,
        }.AddWorkflow<OneActivity>().AddAllActivities(activities)))
        {
            await worker.ExecuteAsync(async () => await (await StartAsync(environment, nameof(WatchedActivities.Resume))).GetResultAsync());
        }
        slots.Used.ShouldContain(static info => info is SlotInfo.ActivitySlotInfo);
        slots.Used.ShouldContain(static info => info is SlotInfo.WorkflowSlotInfo);
        slots.Reserved.ShouldBe(slots.Released);
    });

    [Fact]
    public async Task HostedWorker_GivesEachAttemptAScopeOfItsOwn()
    {
        await using var environment = await WorkflowEnvironment.StartLocalAsync();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ITemporalClient>(environment.Client);
        builder.Services.AddScoped<ScopeCounter>();
        builder.Services.AddHostedTemporalWorker(SampleWorker.TaskQueue)
            .AddScopedActivities<ScopedActivities>()
            .AddWorkflow<OneActivity>()
            .ConfigureOptions(static options => options.MaxConcurrentActivities = 1);
        using var host = builder.Build();
        await host.StartAsync();

        var options = SampleWorker.Start();
        var result = await environment.Client.ExecuteWorkflowAsync((OneActivity workflow) => workflow.RunAsync(nameof(ScopedActivities.CountScope), false), options).WaitAsync(SampleWorker.Patience);

        // The first attempt failed; the second is not in its scope.
        result.ShouldBe("attempt 2, call 1 of its scope");
        await host.StopAsync();
    }

    private static async Task RunAsync(Func<WorkflowEnvironment, WatchedActivities, Task> test)
    {
        await using var environment = await WorkflowEnvironment.StartLocalAsync();
        await test(environment, new WatchedActivities()).WaitAsync(SampleWorker.Patience);
    }

    private static TemporalWorker Worker(WorkflowEnvironment environment, WatchedActivities activities, TimeSpan grace = default) => new(
        environment.Client,
        new TemporalWorkerOptions(SampleWorker.TaskQueue) { GracefulShutdownTimeout = grace, MaxHeartbeatThrottleInterval = TimeSpan.FromMilliseconds(100) }
            .AddWorkflow<OneActivity>().AddAllActivities(activities));

    private static Task<WorkflowHandle<OneActivity, string>> StartAsync(WorkflowEnvironment environment, string activity, bool waits = false) =>
        environment.Client.StartWorkflowAsync((OneActivity workflow) => workflow.RunAsync(activity, waits), SampleWorker.Start());

    private static Task<Temporalio.Api.WorkflowService.V1.DescribeWorkflowExecutionResponse> DescribeAsync(WorkflowEnvironment environment, WorkflowHandle handle) =>
        environment.Client.WorkflowService.DescribeWorkflowExecutionAsync(new() { Namespace = "default", Execution = new() { WorkflowId = handle.Id } });

    private sealed class CountingSlots : CustomSlotSupplier
    {
        private int reserved;
        private int released;

        public System.Collections.Concurrent.ConcurrentQueue<SlotInfo> Used { get; } = new();

        public int Reserved => reserved;

        public int Released => released;

        public override Task<SlotPermit> ReserveSlotAsync(SlotReserveContext ctx, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Interlocked.Increment(ref reserved);
            return Task.FromResult(new SlotPermit());
        }

        public override SlotPermit? TryReserveSlot(SlotReserveContext ctx) => null;

        public override void MarkSlotUsed(SlotMarkUsedContext ctx) => Used.Enqueue(ctx.SlotInfo);

        public override void ReleaseSlot(SlotReleaseContext ctx) => Interlocked.Increment(ref released);
    }
}
