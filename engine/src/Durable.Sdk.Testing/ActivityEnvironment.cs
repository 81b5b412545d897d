using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Runtime;

namespace Temporalio.Testing;

/// <summary>Runs activities without a worker, with a context of the test's making.</summary>
public record ActivityEnvironment
{
    /// <summary>What an activity finds as its info unless the test says otherwise.</summary>
    public static readonly ActivityInfo DefaultInfo = new(
        ActivityId: "test",
        ActivityType: "unknown",
        Attempt: 1,
        CurrentAttemptScheduledTime: DefaultTime,
        DataConverter: DataConverter.Default,
        HeartbeatDetails: [],
        HeartbeatTimeout: null,
        IsLocal: false,
        Namespace: "default",
        Priority: new(),
        RetryPolicy: new(),
        ScheduleToCloseTimeout: TimeSpan.FromSeconds(1),
        ScheduledTime: DefaultTime,
        StartToCloseTimeout: TimeSpan.FromSeconds(1),
        StartedTime: DefaultTime,
        TaskQueue: "test",
        TaskToken: "test"u8.ToArray(),
        WorkflowId: "test",
        WorkflowNamespace: "default",
        WorkflowRunId: "test-run",
        WorkflowType: "test");

    private static DateTime DefaultTime => new(1970, 1, 1, 1, 1, 1, DateTimeKind.Utc);

    private ActivityExecutionContext? running;

    public ActivityInfo Info { get; init; } = DefaultInfo;

    public ILogger Logger { get; init; } = NullLogger.Instance;

    public IPayloadConverter PayloadConverter { get; init; } = DataConverter.Default.PayloadConverter;

    /// <summary>Gets the details of each heartbeat.</summary>
    public Action<object?[]> Heartbeater { get; init; } = static _ => { };

    /// <summary>Null: that of the default runtime.</summary>
    public MetricMeter? MetricMeter { get; init; }

    /// <summary>Null: an activity that asks for it gets an exception.</summary>
    public ITemporalClient? TemporalClient { get; init; }

    /// <summary>Of the token that activities get.</summary>
    public CancellationTokenSource CancellationTokenSource { get; init; } = new();

    public CancellationTokenSource WorkerShutdownTokenSource { get; init; } = new();

    public ActivityCancelReason CancelReason { get; set; }

    public ActivityCancellationDetails? CancellationDetails { get; set; }

    /// <summary>Cancels as by request of the server.</summary>
    public void Cancel() => Cancel(ActivityCancelReason.CancelRequested);

    public void Cancel(ActivityCancelReason reason) => Cancel(reason, DetailsOf(reason));

    /// <summary>Cancels once; a second call changes nothing.</summary>
    public void Cancel(ActivityCancelReason reason, ActivityCancellationDetails details)
    {
        if (CancellationTokenSource.IsCancellationRequested)
        {
            return;
        }
        CancelReason = reason;
        CancellationDetails = details;
        if (running is { } context)
        {
            context.CancelReason = reason;
            context.CancellationDetails = details;
        }
        CancellationTokenSource.Cancel();
    }

    public Task RunAsync(Action activity) => RunAsync(() =>
    {
        activity();
        return Task.FromResult(true);
    });

    public Task<T> RunAsync<T>(Func<T> activity) => RunAsync(() => Task.FromResult(activity()));

    public Task RunAsync(Func<Task> activity) => RunAsync(async () =>
    {
        await activity().ConfigureAwait(false);
        return true;
    });

    /// <summary>Runs a function as an activity.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> activity)
    {
        // Set in this method alone: the caller's context is as before when it returns.
        ActivityExecutionContext.CurrentOrNull = running = new ActivityExecutionContext(
            Info,
            CancellationTokenSource.Token,
            WorkerShutdownTokenSource.Token,
            Logger,
            PayloadConverter,
            () => MetricMeter ?? TemporalRuntime.Default.MetricMeter,
            TemporalClient is null ? null : () => TemporalClient)
        {
            Heartbeater = Heartbeater,
            CancelReason = CancelReason,
            CancellationDetails = CancellationDetails,
        };
        return await activity().ConfigureAwait(false);
    }

    private static ActivityCancellationDetails DetailsOf(ActivityCancelReason reason) => new()
    {
        IsGoneFromServer = reason == ActivityCancelReason.GoneFromServer,
        IsCancelRequested = reason == ActivityCancelReason.CancelRequested,
        IsTimedOut = reason == ActivityCancelReason.Timeout,
        IsWorkerShutdown = reason == ActivityCancelReason.WorkerShutdown,
        IsHeartbeatRecordFailure = reason == ActivityCancelReason.HeartbeatRecordFailure,
        IsPaused = reason == ActivityCancelReason.Paused,
        IsReset = reason == ActivityCancelReason.Reset,
    };
}
