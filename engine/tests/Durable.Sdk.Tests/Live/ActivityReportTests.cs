using System.Collections.Concurrent;
using System.Diagnostics;
using Durable.Sdk.Tests.Samples;
using Temporalio.Activities;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Client;
using Temporalio.Converters;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Live;

/// <summary>What goes wrong around an activity is told to the server as its failure, so that it is tried again at once and not after a timeout.</summary>
public class ActivityReportTests
{
    [Theory]
    [InlineData(nameof(Clumsy.BeatsNonsense), "JsonException")]
    [InlineData(nameof(Clumsy.ReturnsNonsense), "JsonException")]
    [InlineData(nameof(Clumsy.ReturnsPoison), "RefusedByCodecException")]
    public Task FirstAttempt_WhoseValuesCannotBeWritten_FailsWithTheReason(string activity, string type) => RunAsync(new Clumsy(), async client =>
    {
        var handle = await client.StartWorkflowAsync((OneActivity workflow) => workflow.RunAsync(activity, false), SampleWorker.Start());

        (await handle.GetResultAsync()).ShouldBe("fine");
        (await LastFailureAsync(handle)).ApplicationFailureInfo.Type.ShouldBe(type);
    });

    [Fact]
    public async Task HeartbeatThatCannotBeWritten_CancelsTheAttempt_AndSaysWhy()
    {
        var activities = new Clumsy();
        await RunAsync(activities, client => client.ExecuteWorkflowAsync((OneActivity workflow) => workflow.RunAsync(nameof(Clumsy.BeatsNonsense), false), SampleWorker.Start()));

        activities.Reason.ShouldBe(ActivityCancelReason.HeartbeatRecordFailure);
        activities.Details!.IsHeartbeatRecordFailure.ShouldBeTrue();
    }

    [Theory]
    [InlineData(nameof(Clumsy.WantsTwo), "Activity WantsTwo given 0 parameter(s), but more than that are required by the signature")]
    [InlineData("NoSuchActivity", null)]
    public Task Call_ThatDoesNotFit_FailsTheAttempt(string activity, string? cause) => RunAsync(new Clumsy(), async client =>
    {
        var handle = await client.StartWorkflowAsync((OneActivity workflow) => workflow.RunAsync(activity, false), SampleWorker.Start());
        Failure? failure = null;
        await SampleWorker.UntilAsync(async () => (failure = (await client.WorkflowService.DescribeWorkflowExecutionAsync(
            new() { Namespace = "default", Execution = new() { WorkflowId = handle.Id } })).PendingActivities.FirstOrDefault()?.LastFailure) is not null);

        if (cause is null)
        {
            (failure!.ApplicationFailureInfo.Type, failure.ApplicationFailureInfo.NonRetryable).ShouldBe(("NotFoundError", false));
            failure.Message.ShouldStartWith("Activity NoSuchActivity is not registered on this worker, available activities: BeatsNonsense, ");
        }
        else
        {
            failure!.Message.ShouldBe("Failed decoding parameters");
            failure.Cause.Message.ShouldBe(cause);
        }
        await handle.TerminateAsync();
    });

    [Fact]
    public async Task TaskFactoryOfTheApplication_RunsAsynchronousActivitiesToo()
    {
        var activities = new Clumsy();
        using var scheduler = new OwnScheduler();
        await RunAsync(
            activities,
            async client =>
            {
                foreach (var activity in new[] { nameof(Clumsy.WhereBlocking), nameof(Clumsy.WhereAwaiting) })
                {
                    await client.ExecuteWorkflowAsync((OneActivity workflow) => workflow.RunAsync(activity, false), SampleWorker.Start());
                }
            },
            options => options.ActivityTaskFactory = new TaskFactory(scheduler));

        activities.Schedulers.ShouldAllBe(found => found == scheduler);
        activities.Schedulers.Count.ShouldBe(2);
    }

    [Fact]
    public async Task MaxActivitiesPerSecond_HoldsAlsoForThoseThatWouldComeWithAnAnswer()
    {
        var took = TimeSpan.Zero;
        await RunAsync(
            new Clumsy(),
            async client =>
            {
                var began = Stopwatch.GetTimestamp();
                await Task.WhenAll(Enumerable.Range(0, 11).Select(_ =>
                    client.ExecuteWorkflowAsync((OneActivity workflow) => workflow.RunAsync(nameof(Clumsy.WhereBlocking), false), SampleWorker.Start())));
                took = Stopwatch.GetElapsedTime(began);
            },
            options =>
            {
                options.MaxActivitiesPerSecond = 20;
                options.MaxConcurrentActivityTaskPolls = 1;
            });

        // The first may have been polled for before it was there and the second has its turn when the first has come; the other nine are a twentieth of a second apart.
        // Timers of the platform may be a millisecond early. When an activity's code begins says nothing: a busy machine may hold it back until the next is there.
        took.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(440));
    }

    [Fact]
    public async Task WorkflowResult_ThatTheCodecRefuses_FailsTheTaskAndSaysWhy() => await RunAsync(new Clumsy(), async client =>
    {
        var handle = await client.StartWorkflowAsync((ReturnsGiven workflow) => workflow.RunAsync("poi", "son"), SampleWorker.Start());
        Failure? failure = null;
        await SampleWorker.UntilAsync(async () => (failure = (await handle.FetchHistoryAsync()).Events
            .FirstOrDefault(static e => e.EventType == EventType.WorkflowTaskFailed)?.WorkflowTaskFailedEventAttributes.Failure) is not null);

        failure!.Message.ShouldStartWith("Failed encoding completion: ");
        await handle.TerminateAsync();
    });

    private static async Task<Failure> LastFailureAsync(WorkflowHandle handle) =>
        (await handle.FetchHistoryAsync()).Events.Single(static e => e.EventType == EventType.ActivityTaskStarted).ActivityTaskStartedEventAttributes.LastFailure;

    private static Task RunAsync(Clumsy activities, Func<ITemporalClient, Task> test, Action<TemporalWorkerOptions>? configure = null)
    {
        var options = new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<OneActivity>().AddWorkflow<ReturnsGiven>().AddAllActivities(activities);
        configure?.Invoke(options);
        return SampleWorker.RunAsync(options, test, static connect => connect.DataConverter = DataConverter.Default with { PayloadCodec = new PickyCodec() });
    }

    public class Clumsy
    {
        public ActivityCancelReason Reason { get; private set; }

        public ActivityCancellationDetails? Details { get; private set; }

        public ConcurrentQueue<TaskScheduler> Schedulers { get; } = new();

        private static bool IsFirst => ActivityExecutionContext.Current.Info.Attempt == 1;

        [Activity]
        public async Task<string> BeatsNonsense()
        {
            var context = ActivityExecutionContext.Current;
            if (!IsFirst)
            {
                return "fine";
            }
            context.Heartbeat(new Endless());
            try
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }
            finally
            {
                Reason = context.CancelReason;
                Details = context.CancellationDetails;
            }
            return "";
        }

        [Activity]
        public object ReturnsNonsense() => IsFirst ? new Endless() : "fine";

        [Activity]
        public string ReturnsPoison() => IsFirst ? "poison" : "fine";

        [Activity]
        public string WantsTwo(string one, string two) => one + two;

        [Activity]
        public string WhereBlocking()
        {
            Schedulers.Enqueue(TaskScheduler.Current);
            return "";
        }

        [Activity]
        public Task<string> WhereAwaiting()
        {
            Schedulers.Enqueue(TaskScheduler.Current);
            return Task.FromResult("");
        }
    }

    /// <summary>Not to be written as JSON.</summary>
    private sealed class Endless
    {
        public Endless Self => this;
    }

    private sealed class RefusedByCodecException() : Exception("the codec refuses");

    private sealed class PickyCodec : IPayloadCodec
    {
        public Task<IReadOnlyCollection<Payload>> EncodeAsync(IReadOnlyCollection<Payload> payloads) =>
            payloads.Any(static payload => payload.Data.ToStringUtf8() == "\"poison\"") ? throw new RefusedByCodecException() : Task.FromResult(payloads);

        public Task<IReadOnlyCollection<Payload>> DecodeAsync(IReadOnlyCollection<Payload> payloads) => Task.FromResult(payloads);
    }

    private sealed class OwnScheduler : TaskScheduler, IDisposable
    {
        private readonly BlockingCollection<Task> tasks = [];

        public OwnScheduler() => new Thread(() =>
        {
            foreach (var task in tasks.GetConsumingEnumerable())
            {
                TryExecuteTask(task);
            }
        }).Start();

        public void Dispose() => tasks.CompleteAdding();

        protected override IEnumerable<Task> GetScheduledTasks() => tasks;

        protected override void QueueTask(Task task) => tasks.Add(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;
    }
}
