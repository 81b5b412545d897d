using Microsoft.Extensions.Logging.Abstractions;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Runtime;
using Temporalio.Worker.Internal;
using Temporalio.Worker.Internal.Core;
using Temporalio.Worker.Internal.Runs;
using Temporalio.Worker.Tuning;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Worker;

public class LocalActivityRunnerTests
{
    private static readonly LocalActivityAttemptResult Cancelled = new(null, new Failure { Message = "Cancelled", CanceledFailureInfo = new() });

    [Theory]
    [InlineData(1, null, TimeoutType.StartToClose)]
    [InlineData(null, 1, TimeoutType.ScheduleToClose)]
    public async Task ActivityThatHeedsItsTimeLimit_TimedOut_ItWasNotCancelled(int? startToClose, int? scheduleToClose, TimeoutType expected)
    {
        // It has ended before the runner begins to wait for it.
        var outcome = await RunAsync(startToClose, scheduleToClose, static limit =>
        {
            limit.WaitHandle.WaitOne();
            return Cancelled;
        });

        outcome.Kind.ShouldBe(LocalActivityOutcomeKind.TimedOut);
        outcome.Failure!.TimeoutFailureInfo.TimeoutType.ShouldBe(expected);
    }

    [Fact]
    public async Task ActivityThatIsCancelled_WasCancelled()
    {
        using var cancel = new CancellationTokenSource();

        var outcome = await RunAsync(
            60_000,
            null,
            _ =>
            {
                cancel.Cancel();
                return Cancelled;
            },
            cancel.Token);

        outcome.Kind.ShouldBe(LocalActivityOutcomeKind.Cancelled);
    }

    private static Task<LocalActivityOutcome> RunAsync(
        int? startToCloseMilliseconds, int? scheduleToCloseMilliseconds, Func<CancellationToken, LocalActivityAttemptResult> attempt, CancellationToken cancellationToken = default)
    {
        TimeSpan? Span(int? milliseconds) => milliseconds is { } given ? TimeSpan.FromMilliseconds(given) : null;
        var identity = new WorkerIdentity
        {
            Service = null!,
            Namespace = "default",
            TaskQueue = "q",
            Identity = "me",
            BuildId = "1",
            Metrics = new WorkerMetrics(TemporalRuntime.Default.Metrics, "default", "q"),
            StickyQueue = null,
        };
        var runner = new LocalActivityRunner(
            Slots.Of(new FixedSizeSlotSupplier(1), SlotType.LocalActivity, identity, NullLogger.Instance),
            TimeProvider.System,
            static _ => { },
            (_, limit) => Task.FromResult(attempt(limit)));
        var request = new LocalActivityRequest
        {
            Seq = 1,
            ActivityId = "1",
            ActivityType = "Any",
            Arguments = [],
            RetryPolicy = new() { MaximumAttempts = 1 },
            StartToCloseTimeout = Span(startToCloseMilliseconds),
            ScheduleToCloseTimeout = Span(scheduleToCloseMilliseconds),
            LocalRetryThreshold = TimeSpan.FromMinutes(1),
            Cancellation = ActivityCancellationType.TryCancel,
            Attempt = 1,
        };
        return runner.RunAsync(request, null!, cancellationToken);
    }
}
