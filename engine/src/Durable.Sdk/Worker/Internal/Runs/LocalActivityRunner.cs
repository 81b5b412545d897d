using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Worker.Internal.Core;
using Temporalio.Worker.Tuning;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Runs;

/// <summary>Runs local activities with their retries and time-outs: what the server does for other activities.</summary>
/// <param name="runAttempt">Runs one attempt; gives a result or a failure, and null for neither when the token was cancelled.</param>
internal sealed class LocalActivityRunner(
    Slots slots, TimeProvider clock, Action<string> check, Func<LocalActivityAttempt, CancellationToken, Task<LocalActivityAttemptResult>> runAttempt) : ILocalActivities
{
    private static readonly TimeSpan DefaultInitialInterval = TimeSpan.FromSeconds(1);
    private const double DefaultCoefficient = 2;
    private const int DefaultMaximumFactor = 100;

    public void Check(string activity) => check(activity);

    public async Task<LocalActivityOutcome> RunAsync(LocalActivityRequest request, WorkflowInfo workflow, CancellationToken cancellationToken)
    {
        var scheduled = request.OriginalScheduleTime ?? clock.GetUtcNow().UtcDateTime;
        var deadline = request.ScheduleToCloseTimeout is { } total ? scheduled + total : (DateTime?)null;
        for (var attempt = request.Attempt; ; attempt++)
        {
            var result = await AttemptAsync(request, workflow, attempt, scheduled, deadline, cancellationToken).ConfigureAwait(false);
            var outcome = OutcomeOf(result, attempt, scheduled);
            if (outcome.Kind is LocalActivityOutcomeKind.Completed or LocalActivityOutcomeKind.Cancelled || cancellationToken.IsCancellationRequested ||
                RetryDelay(request.RetryPolicy, outcome, attempt) is not { } delay ||
                clock.GetUtcNow().UtcDateTime + delay >= deadline)
            {
                return outcome;
            }
            if (delay > request.LocalRetryThreshold)
            {
                return outcome with { Backoff = delay };
            }
            try
            {
                await Task.Delay(delay, clock, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return Cancelled(attempt, scheduled);
            }
        }
    }

    private static LocalActivityOutcome Cancelled(int attempt, DateTime scheduled) => new()
    {
        Kind = LocalActivityOutcomeKind.Cancelled,
        Failure = new Failure { Message = "Cancelled", CanceledFailureInfo = new() },
        Attempt = attempt,
        OriginalScheduleTime = scheduled,
        IsPlain = true,
    };

    private static LocalActivityOutcome OutcomeOf(LocalActivityAttemptResult result, int attempt, DateTime scheduled) =>
        result.Failure?.CanceledFailureInfo is not null
            ? Cancelled(attempt, scheduled)
            : new()
            {
                Kind =
                    result.Failure is null ? LocalActivityOutcomeKind.Completed
                    : result.Failure.TimeoutFailureInfo is not null ? LocalActivityOutcomeKind.TimedOut
                    : LocalActivityOutcomeKind.Failed,
                Result = result.Result,
                Failure = result.Failure,
                Attempt = attempt,
                OriginalScheduleTime = scheduled,
                IsPlain = true,
            };

    // The server's rule for activities: exponential, with a limit, until attempts or time run out.
    private static TimeSpan? RetryDelay(RetryPolicy? policy, LocalActivityOutcome outcome, int attempt)
    {
        var application = outcome.Failure?.ApplicationFailureInfo;
        if (application is { NonRetryable: true } || (policy?.MaximumAttempts > 0 && attempt >= policy.MaximumAttempts) ||
            (application is not null && policy?.NonRetryableErrorTypes.Contains(application.Type) == true) ||
            outcome.Failure?.TimeoutFailureInfo is { TimeoutType: TimeoutType.ScheduleToClose or TimeoutType.ScheduleToStart })
        {
            return null;
        }
        if (application?.NextRetryDelay is { } wanted)
        {
            return wanted.ToTimeSpan();
        }
        var initial = policy?.InitialInterval is { } given && (given.Seconds > 0 || given.Nanos > 0) ? given.ToTimeSpan() : DefaultInitialInterval;
        var coefficient = policy is { BackoffCoefficient: >= 1 } ? policy.BackoffCoefficient : DefaultCoefficient;
        var maximum = policy?.MaximumInterval is { } most && (most.Seconds > 0 || most.Nanos > 0) ? most.ToTimeSpan() : initial * DefaultMaximumFactor;
        var ticks = initial.Ticks * Math.Pow(coefficient, attempt - 1);
        return ticks >= maximum.Ticks ? maximum : TimeSpan.FromTicks((long)ticks);
    }

    private async Task<LocalActivityAttemptResult> AttemptAsync(
        LocalActivityRequest request, WorkflowInfo workflow, int attempt, DateTime scheduled, DateTime? deadline, CancellationToken cancellationToken)
    {
        var info = new SlotInfo.LocalActivitySlotInfo(request.ActivityType);
        SlotPermit permit;
        try
        {
            using var waiting = Limit(request.ScheduleToStartTimeout, deadline, cancellationToken);
            permit = await slots.ReserveAsync(false, waiting.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested
                ? new(null, new Failure { Message = "Cancelled", CanceledFailureInfo = new() })
                : TimedOut(request.ScheduleToStartTimeout is null ? TimeoutType.ScheduleToClose : TimeoutType.ScheduleToStart);
        }
        slots.MarkUsed(permit, info);
        var sooner = request.StartToCloseTimeout is { } attemptLimit && !(clock.GetUtcNow().UtcDateTime + attemptLimit >= deadline)
            ? TimeoutType.StartToClose
            : TimeoutType.ScheduleToClose;
        using var limit = Limit(request.StartToCloseTimeout, deadline, cancellationToken);
        var running = RunAttemptAsync(
            new LocalActivityAttempt(request, workflow, attempt, scheduled, clock.GetUtcNow().UtcDateTime), permit, info, limit.Token);
        try
        {
            // An activity that does not listen to its token does not hold up the workflow; it keeps its slot.
            var result = await running.WaitAsync(limit.Token).ConfigureAwait(false);
            // One that does listen may have ended before the wait was told.
            return result.Failure?.CanceledFailureInfo is not null && limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested
                ? TimedOut(sooner)
                : result;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return TimedOut(sooner);
        }
        catch (OperationCanceledException)
        {
            // Cancelled, not out of time: code waits for how the activity takes it.
            return await running.ConfigureAwait(false);
        }
    }

    private async Task<LocalActivityAttemptResult> RunAttemptAsync(
        LocalActivityAttempt attempt, SlotPermit permit, SlotInfo info, CancellationToken cancellationToken)
    {
        try
        {
            return await runAttempt(attempt, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            slots.Release(permit, info);
        }
    }

    private CancellationTokenSource Limit(TimeSpan? limit, DateTime? deadline, CancellationToken cancellationToken)
    {
        var left = deadline - clock.GetUtcNow().UtcDateTime;
        var soonest = limit is null || left < limit ? left : limit;
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (soonest is { } time)
        {
            source.CancelAfter(time < TimeSpan.Zero ? TimeSpan.Zero : time);
        }
        return source;
    }

    private static LocalActivityAttemptResult TimedOut(TimeoutType type) =>
        new(null, new Failure { Message = "Activity timed out", TimeoutFailureInfo = new() { TimeoutType = type } });
}
