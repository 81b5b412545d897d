using System.Collections.Concurrent;
using Durable.Sdk.Tests.Samples;
using Microsoft.Extensions.Logging;
using Temporalio.Activities;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Testing;
using Temporalio.Worker;
using Temporalio.Worker.Tuning;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Live;

/// <summary>The life of a worker: what it refuses, what it logs, what it does with work at hand when it stops, and with code of the application that throws.</summary>
public class WorkerRulesTests
{
    public static TheoryData<string, Type, string> Refusals => new()
    {
        { "no queue", typeof(ArgumentException), "TaskQueue must be set" },
        { "nothing to run", typeof(ArgumentException), "Must have at least one" },
        { "two workflows", typeof(ArgumentException), "Duplicate workflow named GreetingWorkflow" },
        { "two activities", typeof(ArgumentException), "Duplicate activity named Greet" },
        { "disposed", typeof(ObjectDisposedException), "Cannot access a disposed object" },
        { "twice", typeof(InvalidOperationException), "Already started" },
        { "no namespace", typeof(InvalidOperationException), "Worker validation failed: " },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Worker_ThatCannotRun_SaysWhy(string what, Type type, string message)
    {
        await using var environment = await WorkflowEnvironment.StartLocalAsync();
        var options = new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<GreetingWorkflow>().AddAllActivities(new GreetingActivities());
        var client = environment.Client;
        async Task RunAsync()
        {
            using var worker = new TemporalWorker(client, what switch
            {
                "no queue" => new TemporalWorkerOptions().AddWorkflow<GreetingWorkflow>(),
                "nothing to run" => new TemporalWorkerOptions("q"),
                "two workflows" => options.AddWorkflow<GreetingWorkflow>(),
                "two activities" => options.AddAllActivities(new GreetingActivities()),
                _ => options,
            });
            if (what == "disposed")
            {
                worker.Dispose();
            }
            await worker.ExecuteAsync(static () => Task.CompletedTask);
            await worker.ExecuteAsync(static () => Task.CompletedTask);
        }
        if (what == "no namespace")
        {
            client = new TemporalClient(client.Connection, new() { Namespace = "nowhere" });
        }

        var thrown = await Should.ThrowAsync<Exception>(RunAsync);

        thrown.ShouldBeOfType(type);
        thrown.Message.ShouldStartWith(message);
    }

    [Fact]
    public async Task ClientOfAWorker_MayBeReplaced_ForActivitiesAndEagerStartsToo()
    {
        await using var environment = await WorkflowEnvironment.StartLocalAsync();
        var activities = new AsksForClient();
        using var worker = new TemporalWorker(environment.Client, new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<OneActivity>().AddAllActivities(activities));
        var second = await TemporalClient.ConnectAsync(new(environment.Client.Connection.Options.TargetHost!));
        async Task<bool> StartsEagerlyAsync(ITemporalClient client)
        {
            var options = SampleWorker.Start();
            options.RequestEagerStart = true;
            var handle = await client.StartWorkflowAsync((OneActivity workflow) => workflow.RunAsync(nameof(AsksForClient.Ask), false), options);
            await handle.GetResultAsync();
            return (await handle.FetchHistoryAsync()).Events.First().WorkflowExecutionStartedEventAttributes.EagerExecutionAccepted;
        }

        await worker.ExecuteAsync(async () =>
        {
            (await StartsEagerlyAsync(environment.Client)).ShouldBeTrue();
            worker.Client = second;
            (await StartsEagerlyAsync(second)).ShouldBeTrue();
            (await StartsEagerlyAsync(environment.Client)).ShouldBeFalse();
        }).WaitAsync(SampleWorker.Patience);

        activities.Clients.ShouldBe([environment.Client, second, second]);
    }

    [Fact]
    public async Task Logs_OfActivitiesAndHandlers_SayWhoseTheyAre()
    {
        var scopes = new ScopeList();
        await SampleWorker.RunAsync(
            new TemporalWorkerOptions(SampleWorker.TaskQueue) { LoggerFactory = scopes.Factory }.AddWorkflow<Talks>().AddAllActivities(new TalksActivities()),
            async client =>
            {
                var handle = await client.StartWorkflowAsync((Talks workflow) => workflow.RunAsync(), SampleWorker.Start("talks"));
                await handle.ExecuteUpdateAsync(workflow => workflow.TalkAsync(), new() { Id = "the-update" });
                await handle.GetResultAsync();
            });

        scopes.Of("from the activity").ShouldContain("ActivityType=Talk");
        foreach (var word in new[] { "ActivityId=1", "Attempt=1", "Namespace=default", "WorkflowId=talks", "WorkflowType=Talks", "WorkflowNamespace=default" })
        {
            scopes.Of("from the activity").ShouldContain(word);
        }
        foreach (var word in new[] { "UpdateId=the-update", "UpdateName=Talk", "WorkflowId=talks", "TaskQueue=samples", "Attempt=1" })
        {
            scopes.Of("from the update").ShouldContain(word);
            scopes.Of("later in the update").ShouldContain(word);
        }
        scopes.Of("from the main method").ShouldNotContain("UpdateId=the-update");
    }

    // A deployment must not show in a workflow: what the worker has begun locally it ends, and records.
    [Fact]
    public async Task WorkerThatStops_LetsItsLocalActivitiesEnd()
    {
        await using var environment = await WorkflowEnvironment.StartLocalAsync();
        var activities = new HeldLocally();
        var handle = await environment.Client.StartWorkflowAsync((OneLocalActivity workflow) => workflow.RunAsync(nameof(HeldLocally.Hold)), SampleWorker.Start());
        TemporalWorker Worker() => new(environment.Client, new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<OneLocalActivity>().AddAllActivities(activities));

        using (var first = Worker())
        {
            await first.ExecuteAsync(() => activities.Started.Task).WaitAsync(SampleWorker.Patience);
        }
        using var second = Worker();
        var result = await second.ExecuteAsync(() => handle.GetResultAsync()).WaitAsync(SampleWorker.Patience);

        result.ShouldBe("cancelled: False");
        activities.Runs.ShouldBe(1);
    }

    [Fact]
    public Task LocalActivityThatNobodyHas_FailsTheTask_AndNamesThoseThatAreThere() => SampleWorker.RunAsync(
        new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<OneLocalActivity>().AddAllActivities(new GreetingActivities()),
        async client =>
        {
            var handle = await client.StartWorkflowAsync((OneLocalActivity workflow) => workflow.RunAsync("Nobody"), SampleWorker.Start());
            var message = "";
            await SampleWorker.UntilAsync(async () => (message = (await handle.FetchHistoryAsync()).Events
                .FirstOrDefault(static e => e.EventType == EventType.WorkflowTaskFailed)?.WorkflowTaskFailedEventAttributes.Failure.Message ?? "").Length > 0);

            message.ShouldBe("Activity Nobody is not registered on this worker, available activities: Greet");
        });

    [Fact]
    public async Task SlotSupplierThatThrows_CostsNoTask()
    {
        var slots = new Moody();
        await SampleWorker.RunAsync(
            new TemporalWorkerOptions(SampleWorker.TaskQueue) { Tuner = new WorkerTuner(slots, slots, slots, slots) }.AddWorkflow<GreetingWorkflow>().AddAllActivities(new GreetingActivities()),
            async client => (await client.ExecuteWorkflowAsync((GreetingWorkflow workflow) => workflow.RunAsync("you", false), SampleWorker.Start())).ShouldBe("Hello, you!"));

        slots.Thrown.ShouldBeGreaterThan(3);
    }

    private sealed class AsksForClient
    {
        public ConcurrentQueue<ITemporalClient> Clients { get; } = new();

        [Activity]
        public string Ask()
        {
            Clients.Enqueue(ActivityExecutionContext.Current.TemporalClient);
            return "";
        }
    }

    private sealed class TalksActivities
    {
        [Activity]
        public async Task TalkAsync()
        {
            await Task.Yield();
            ActivityExecutionContext.Current.Logger.LogInformation("from the activity");
        }
    }

    private sealed class HeldLocally
    {
        private int runs;

        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Runs => runs;

        [Activity]
        public async Task<string> Hold()
        {
            Interlocked.Increment(ref runs);
            var context = ActivityExecutionContext.Current;
            var stops = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = context.WorkerShutdownToken.Register(stops.SetResult);
            Started.TrySetResult();
            await stops.Task;
            // Its own token, which the end of the grace time would have cancelled.
            await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(300), context.CancellationToken));
            return $"cancelled: {context.CancellationToken.IsCancellationRequested}";
        }
    }

    /// <summary>Throws at every turn, except that the second try to reserve succeeds.</summary>
    private sealed class Moody : CustomSlotSupplier
    {
        private readonly ConcurrentDictionary<SlotType, bool> tried = new();
        private int thrown;

        public int Thrown => thrown;

        public override Task<SlotPermit> ReserveSlotAsync(SlotReserveContext ctx, CancellationToken cancellationToken) =>
            tried.TryAdd(ctx.SlotType, true) ? throw Mood() : Task.FromResult(new SlotPermit());

        public override SlotPermit? TryReserveSlot(SlotReserveContext ctx) => throw Mood();

        public override void MarkSlotUsed(SlotMarkUsedContext ctx) => throw Mood();

        public override void ReleaseSlot(SlotReleaseContext ctx) => throw Mood();

        private InvalidOperationException Mood()
        {
            Interlocked.Increment(ref thrown);
            return new InvalidOperationException("not now");
        }
    }

    /// <summary>Lines with the scopes around them.</summary>
    private sealed class ScopeList : ILoggerProvider, ISupportExternalScope
    {
        private readonly ConcurrentDictionary<string, List<string>> lines = new();
        private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

        public ScopeList() => Factory = new LoggerFactory([this]);

        public ILoggerFactory Factory { get; }

        public IReadOnlyList<string> Of(string line) => lines[line];

        public ILogger CreateLogger(string categoryName) => new Logger(this);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

        public void Dispose()
        {
        }

        private sealed class Logger(ScopeList list) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => list.scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                var words = new List<string>();
                list.scopes.ForEachScope(
                    static (scope, words) =>
                    {
                        if (scope is IEnumerable<KeyValuePair<string, object>> pairs)
                        {
                            words.AddRange(pairs.Select(static pair => $"{pair.Key}={pair.Value}"));
                        }
                    },
                    words);
                list.lines[formatter(state, exception)] = words;
            }
        }
    }
}
