using System.Collections.Concurrent;
using Durable.Protocol;
using Google.Protobuf;
using Temporalio.Activities;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Converters;
using Temporalio.Runtime;
using Temporalio.Testing;
using Temporalio.Worker;
using Temporalio.Worker.Internal;
using Temporalio.Worker.Internal.Activities;

namespace Durable.Sdk.Tests.Worker;

/// <summary>Heartbeats and timeouts of an attempt, on a clock that the test moves.</summary>
public class RunningActivityTests
{
    private readonly HandClock clock = new();
    private readonly Peer peer = new();

    [Theory]
    [InlineData(10, 60, 8)]
    [InlineData(100, 60, 60)]
    [InlineData(null, 60, 30)]
    public async Task Heartbeats_AreHeldToTheThrottle_AndTheLastOneCounts(int? timeoutSeconds, int maximumSeconds, int expectedSeconds)
    {
        using var activity = Begin(heartbeat: timeoutSeconds, maximumSeconds: maximumSeconds);

        activity.Heartbeat(["first"]);
        (await peer.NextAsync()).ShouldBe("first");
        activity.Heartbeat(["second"]);
        activity.Heartbeat(["third"]);
        // The pause begins after the answer.
        await clock.UntilTimersAsync(timeoutSeconds is null ? 1 : 2);
        clock.Advance(TimeSpan.FromSeconds(expectedSeconds) - TimeSpan.FromMilliseconds(1));
        peer.Beats.ShouldBeEmpty();
        clock.Advance(TimeSpan.FromMilliseconds(1));
        (await peer.NextAsync()).ShouldBe("third");
    }

    [Fact]
    public async Task Heartbeats_AfterACancellation_AreHeldToTheThrottleToo()
    {
        peer.Answer = new() { CancelRequested = true };
        using var activity = Begin(heartbeat: 10);

        activity.Heartbeat(["first"]);
        await peer.NextAsync();
        await CancelledAsync(activity.Token);
        activity.Heartbeat(["clean-up"]);
        await clock.UntilTimersAsync(2);
        peer.Beats.ShouldBeEmpty();
        clock.Advance(TimeSpan.FromSeconds(8));
        (await peer.NextAsync()).ShouldBe("clean-up");
    }

    [Fact]
    public async Task AnswerToAHeartbeat_WithSeveralReasons_ToldAsAll_AndTheFirstCounts()
    {
        peer.Answer = new() { CancelRequested = true, ActivityPaused = true, ActivityReset = true };
        using var activity = Begin(heartbeat: 10);
        var context = Context(activity);

        activity.Heartbeat([]);
        await CancelledAsync(activity.Token);
        activity.Cancel(ActivityCancelReason.WorkerShutdown);

        context.CancelReason.ShouldBe(ActivityCancelReason.CancelRequested);
        (context.CancellationDetails!.IsCancelRequested, context.CancellationDetails.IsPaused, context.CancellationDetails.IsReset, context.CancellationDetails.IsWorkerShutdown)
            .ShouldBe((true, true, true, false));
    }

    [Theory]
    [InlineData(true, false, ActivityCancelReason.Paused)]
    [InlineData(false, true, ActivityCancelReason.Reset)]
    [InlineData(true, true, ActivityCancelReason.Reset)]
    public async Task AnswerToAHeartbeat_IsTheReason(bool paused, bool reset, ActivityCancelReason expected)
    {
        peer.Answer = new() { ActivityPaused = paused, ActivityReset = reset };
        using var activity = Begin(heartbeat: 10);

        activity.Heartbeat([]);
        await CancelledAsync(activity.Token);

        activity.Reason.ShouldBe(expected);
    }

    [Theory]
    [InlineData(20, null, 25)]
    [InlineData(20, 10, 15)]
    [InlineData(null, 10, 15)]
    public void Attempt_LongerThanTheServerAllows_IsCancelledHere(int? startToClose, int? heartbeat, int expectedSeconds)
    {
        using var activity = Begin(startToClose, heartbeat);
        var context = Context(activity);

        clock.Advance(TimeSpan.FromSeconds(expectedSeconds) - TimeSpan.FromMilliseconds(1));
        activity.Token.IsCancellationRequested.ShouldBeFalse();
        clock.Advance(TimeSpan.FromMilliseconds(1));

        activity.Token.IsCancellationRequested.ShouldBeTrue();
        context.CancelReason.ShouldBe(ActivityCancelReason.Timeout);
        context.CancellationDetails!.IsTimedOut.ShouldBeTrue();
    }

    [Fact]
    public async Task Heartbeat_ThatArrives_PutsItsTimeoutOff()
    {
        using var activity = Begin(heartbeat: 10);

        clock.Advance(TimeSpan.FromSeconds(14));
        activity.Heartbeat(["alive"]);
        await peer.NextAsync();
        await clock.UntilTimersAsync(2);
        clock.Advance(TimeSpan.FromSeconds(14));
        activity.Token.IsCancellationRequested.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(1));
        activity.Token.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void Cancellation_ThatComesBeforeTheCode_IsToldToIt_AndAnEndedAttemptIsToldByItsToken()
    {
        using var early = Begin();
        early.Cancel(ActivityCancelReason.WorkerShutdown);
        Context(early).CancellationDetails!.IsWorkerShutdown.ShouldBeTrue();

        using var ended = Begin();
        var context = Context(ended);
        ended.End();
        (context.CancellationToken.IsCancellationRequested, context.CancelReason).ShouldBe((true, ActivityCancelReason.None));
    }

    private static async Task CancelledAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(() => cancelled.TrySetResult());
        await cancelled.Task.WaitAsync(Samples.SampleWorker.Patience);
    }

    private RunningActivity Begin(int? startToClose = null, int? heartbeat = null, int maximumSeconds = 60)
    {
        var identity = new WorkerIdentity
        {
            Service = peer,
            Namespace = "default",
            TaskQueue = "q",
            Identity = "me",
            BuildId = "1",
            Metrics = new WorkerMetrics(TemporalRuntime.Default.Metrics, "default", "q"),
            StickyQueue = null,
        };
        var info = ActivityEnvironment.DefaultInfo with
        {
            StartToCloseTimeout = startToClose is { } limit ? TimeSpan.FromSeconds(limit) : null,
            HeartbeatTimeout = heartbeat is { } beat ? TimeSpan.FromSeconds(beat) : null,
        };
        return new RunningActivity(
            identity, new() { MaxHeartbeatThrottleInterval = TimeSpan.FromSeconds(maximumSeconds) }, ByteString.CopyFromUtf8("token"), info, DataConverter.Default, clock);
    }

    private static ActivityExecutionContext Context(RunningActivity activity)
    {
        var context = new ActivityExecutionContext(
            ActivityEnvironment.DefaultInfo, activity.Token, CancellationToken.None, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
            DataConverter.Default.PayloadConverter, () => TemporalRuntime.Default.MetricMeter, null);
        activity.Context = context;
        return context;
    }

    /// <summary>Takes heartbeats.</summary>
    private sealed class Peer : WorkflowService
    {
        private readonly SemaphoreSlim arrived = new(0);

        public ConcurrentQueue<string> Beats { get; } = new();

        public RecordActivityTaskHeartbeatResponse Answer { get; set; } = new();

        public async Task<string> NextAsync()
        {
            (await arrived.WaitAsync(Samples.SampleWorker.Patience)).ShouldBeTrue();
            Beats.TryDequeue(out var beat).ShouldBeTrue();
            return beat!;
        }

        protected override Task<T> InvokeRpcAsync<T>(string rpc, IMessage req, MessageParser<T> resp, RpcOptions? options)
        {
            var details = ((RecordActivityTaskHeartbeatRequest)req).Details;
            Beats.Enqueue(details is null ? "" : DataConverter.Default.PayloadConverter.ToValue<string>(details.Payloads_[0])!);
            arrived.Release();
            return Task.FromResult((T)(IMessage)Answer);
        }
    }
}
