using Durable.Protocol;
using Durable.Protocol.InProcess;
using Durable.Sdk.Tests.Samples;
using Durable.Server;
using Durable.Server.Storage;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Worker;
using Temporalio.Worker.Internal;
using Temporalio.Worker.Tuning;

namespace Durable.Sdk.Tests.Worker;

public class PollScalerTests
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task FixedNumber_StaysWhateverTheServerSays()
    {
        await using var polls = new Polls(new PollerBehavior.SimpleMaximum(3));

        polls.Answered(tasks: 1, decision: 5);
        polls.Scaler.Answered(isEmpty: true, Decision(-2));
        polls.Scaler.Failed(isExhausted: true);

        polls.Open.ShouldBe(3);
        polls.Scaler.Continues().ShouldBeTrue();
    }

    [Fact]
    public async Task Scaling_FollowsTheServer_BetweenItsLimits()
    {
        await using var polls = new Polls(new PollerBehavior.Autoscaling(minimum: 2, maximum: 6, initial: 3));
        polls.Open.ShouldBe(3);

        polls.Answered(tasks: 1, decision: 2);
        polls.Open.ShouldBe(5);
        polls.Answered(tasks: 1, decision: 2);
        polls.Open.ShouldBe(6);

        polls.Answered(tasks: 1, decision: -1);
        polls.Scaler.Continues().ShouldBeFalse();
        polls.Scaler.Continues().ShouldBeTrue();
        polls.Open.ShouldBe(5);
        polls.Answered(tasks: 1, decision: -100);
        polls.Leaving().ShouldBe(3);
        polls.Open.ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EmptyPolls_AreOneTooMany_WhenTheServerScales(bool canScaleDown)
    {
        await using var polls = new Polls(new PollerBehavior.Autoscaling(initial: 8), canScaleDown);

        // A server that never decides would leave the worker at one poll.
        polls.Scaler.Answered(isEmpty: true, null);
        polls.Scaler.Failed(isExhausted: true);
        polls.Leaving().ShouldBe(canScaleDown ? 5 : 0);

        polls.Answered(tasks: 1, decision: 0);
        var before = polls.Open;
        polls.Scaler.Answered(isEmpty: true, null);
        polls.Scaler.Failed(isExhausted: false);
        polls.Leaving().ShouldBe(2);
        polls.Scaler.Failed(isExhausted: true);
        polls.Leaving();
        polls.Open.ShouldBe(Math.Max(1, (before - 2) / 2));
    }

    [Fact]
    public async Task MoreTasks_ThatDoNotComeFaster_OpenNoMorePolls()
    {
        await using var polls = new Polls(new PollerBehavior.Autoscaling(initial: 2));
        polls.Answered(tasks: 10);
        polls.Clock.Advance(Period);
        polls.Answered(tasks: 10);
        polls.Clock.Advance(Period);

        polls.Answered(tasks: 1, decision: 1);
        polls.Open.ShouldBe(2, "ten tasks after ten: the worker is the limit");

        polls.Answered(tasks: 19);
        polls.Clock.Advance(Period);
        polls.Answered(tasks: 1, decision: 1);
        polls.Open.ShouldBe(3, "twenty tasks after ten");

        polls.Answered(tasks: 20);
        polls.Clock.Advance(Period * 2);
        polls.Answered(tasks: 1, decision: 1);
        polls.Open.ShouldBe(3, "none after twenty");
        polls.Clock.Advance(Period * 5);
        polls.Answered(tasks: 1, decision: 1);
        polls.Open.ShouldBe(4, "none after none");
    }

    [Fact]
    public async Task Worker_WhoseServerAsksForPolls_OpensThem()
    {
        await using var server = await DurableServer.StartAsync(new() { Store = new MemoryStore() });
        await using var transport = new Advising(new InProcessTransport(server.Router), wanted: 3);
        var client = new TemporalClient(TemporalConnection.Over(transport, new TemporalConnectionOptions("in-process")), new TemporalClientOptions());
        var scaling = new PollerBehavior.Autoscaling(minimum: 1, maximum: 3, initial: 1);
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions(SampleWorker.TaskQueue)
        {
            ActivityTaskPollerBehavior = scaling,
            WorkflowTaskPollerBehavior = scaling,
            DisableEagerActivityExecution = true,
        }.AddWorkflow<GreetingWorkflow>().AddAllActivities(new GreetingActivities()));

        await worker.ExecuteAsync(async () =>
        {
            while (!transport.Reached.IsCompleted)
            {
                await client.ExecuteWorkflowAsync((GreetingWorkflow workflow) => workflow.RunAsync("you", false), SampleWorker.Start());
            }
        }).WaitAsync(SampleWorker.Patience);

        transport.Most.ShouldBe(3);
    }

    private static PollerScalingDecision Decision(int delta) => new() { PollRequestDeltaSuggestion = delta };

    /// <summary>A scaler whose loops do nothing until the end.</summary>
    private sealed class Polls : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly TaskCompletionSource stopped = new();
        private readonly Task run;

        public Polls(PollerBehavior behavior, bool canScaleDown = false)
        {
            Scaler = new(behavior, canScaleDown, Clock, open => Open = open);
            run = Scaler.RunAsync(() => stopped.Task, stop.Token);
        }

        public HandClock Clock { get; } = new();

        public PollScaler Scaler { get; }

        public int Open { get; private set; }

        /// <summary>So many polls brought a task; the last of them brought a decision too.</summary>
        public void Answered(int tasks, int? decision = null)
        {
            for (var i = 1; i < tasks; i++)
            {
                Scaler.Answered(isEmpty: false, null);
            }
            Scaler.Answered(isEmpty: false, decision is { } delta ? Decision(delta) : null);
        }

        /// <returns>How many loops are told to end.</returns>
        public int Leaving()
        {
            var count = 0;
            while (!Scaler.Continues())
            {
                count++;
            }
            return count;
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            stopped.SetResult();
            await run;
            stop.Dispose();
        }
    }

    /// <summary>A server that would like one more poll with each activity.</summary>
    private sealed class Advising(RpcTransport inner, int wanted) : RpcTransport
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock sync = new();
        private int open;

        public Task Reached => reached.Task;

        public int Most { get; private set; }

        public override async Task<TResponse> CallAsync<TRequest, TResponse>(
            RpcMethod<TRequest, TResponse> method, TRequest request, RpcCallOptions options, CancellationToken cancellationToken)
        {
            if (request is not PollActivityTaskQueueRequest)
            {
                return await inner.CallAsync(method, request, options, cancellationToken);
            }
            lock (sync)
            {
                Most = Math.Max(Most, ++open);
                if (Most == wanted)
                {
                    reached.TrySetResult();
                }
            }
            try
            {
                var response = await inner.CallAsync(method, request, options, cancellationToken);
                if (response is PollActivityTaskQueueResponse { TaskToken.IsEmpty: false } task)
                {
                    task.PollerScalingDecision = Decision(1);
                }
                return response;
            }
            finally
            {
                lock (sync)
                {
                    open--;
                }
            }
        }

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
