using Google.Protobuf;
using Temporalio.Activities;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Worker.Internal.Activities;

/// <summary>An attempt that runs: its token and its heartbeats.</summary>
/// <remarks>
/// Of several heartbeats within the throttle's interval only the last is sent. The interval is four fifths of the heartbeat timeout, so that
/// one always arrives in time, and has an upper limit from the worker's options.
/// </remarks>
internal sealed class RunningActivity : IDisposable
{
    /// <summary>Of the heartbeat timeout.</summary>
    private const double ThrottleShare = 0.8;

    /// <summary>How much longer than the server an attempt is given here: clocks and answers are never quite together, and the server's word comes first.</summary>
    private static readonly TimeSpan TimeoutBuffer = TimeSpan.FromSeconds(5);

    private readonly WorkerIdentity identity;
    private readonly ByteString taskToken;
    private readonly DataConverter converter;
    private readonly bool isLocal;
    private readonly TimeSpan interval;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource cancellation = new();
    private readonly Lock sync = new();
    private readonly ITimer? startToClose;
    private readonly ITimer? heartbeat;
    private readonly TimeSpan heartbeatLimit;
    private ActivityExecutionContext? context;
    private ActivityCancellationDetails? details;
    private object?[]? pending;
    private object?[]? last;
    private Task sending = Task.CompletedTask;
    private CancellationTokenSource? pause;
    private bool stopped;

    public RunningActivity(
        WorkerIdentity identity, TemporalWorkerOptions options, ByteString taskToken, ActivityInfo info, DataConverter converter, TimeProvider clock)
    {
        this.clock = clock;
        this.identity = identity;
        this.taskToken = taskToken;
        this.converter = converter;
        isLocal = info.IsLocal;
        interval = info.HeartbeatTimeout is { } timeout
            ? TimeSpan.FromTicks(Math.Min((long)(timeout.Ticks * ThrottleShare), options.MaxHeartbeatThrottleInterval.Ticks))
            : options.DefaultHeartbeatThrottleInterval;
        if (isLocal)
        {
            return;
        }
        // The server tells of a timeout only when it is asked, so an attempt that never heartbeats would go on for ever.
        if (info.StartToCloseTimeout is { } limit)
        {
            startToClose = clock.CreateTimer(static activity => ((RunningActivity)activity!).TimeOut(), this, limit + TimeoutBuffer, Timeout.InfiniteTimeSpan);
        }
        if (info.HeartbeatTimeout is { } beat)
        {
            heartbeatLimit = beat + TimeoutBuffer;
            heartbeat = clock.CreateTimer(static activity => ((RunningActivity)activity!).TimeOut(), this, heartbeatLimit, Timeout.InfiniteTimeSpan);
        }
    }

    public bool IsLocal => isLocal;

    public CancellationToken Token => cancellation.Token;

    public ActivityCancelReason Reason { get; private set; }

    /// <summary>Why a heartbeat could not be sent; the activity is cancelled then.</summary>
    public Exception? HeartbeatFailure { get; private set; }

    /// <summary>What the activity sees of all this; a cancellation that came before it is told it at once.</summary>
    public ActivityExecutionContext? Context
    {
        get => context;
        set
        {
            lock (sync)
            {
                context = value;
                TellContext();
            }
        }
    }

    /// <summary>Cancels the attempt. The first reason counts.</summary>
    /// <param name="because">Null: the reason says it all.</param>
    public void Cancel(ActivityCancelReason reason, ActivityCancellationDetails? because = null)
    {
        lock (sync)
        {
            if (Reason != ActivityCancelReason.None)
            {
                return;
            }
            Reason = reason;
            details = because ?? new ActivityCancellationDetails
            {
                IsCancelRequested = reason == ActivityCancelReason.CancelRequested,
                IsGoneFromServer = reason == ActivityCancelReason.GoneFromServer,
                IsHeartbeatRecordFailure = reason == ActivityCancelReason.HeartbeatRecordFailure,
                IsPaused = reason == ActivityCancelReason.Paused,
                IsReset = reason == ActivityCancelReason.Reset,
                IsTimedOut = reason == ActivityCancelReason.Timeout,
                IsWorkerShutdown = reason == ActivityCancelReason.WorkerShutdown,
            };
            TellContext();
        }
        CancelToken();
    }

    /// <summary>The activity's code has ended: no more heartbeats, and whatever it left behind is told by the token.</summary>
    public void End()
    {
        StopHeartbeats();
        CancelToken();
    }

    public void Heartbeat(object?[] details)
    {
        if (isLocal)
        {
            return;
        }
        lock (sync)
        {
            last = details;
            pending = details;
            if (!stopped && sending.IsCompleted)
            {
                // Not the attempt's token: one that is cancelled may still have a lot to say, and is held to the throttle like any other.
                var token = (pause ??= new CancellationTokenSource()).Token;
                sending = Task.Run(() => SendAsync(token));
            }
        }
    }


    /// <summary>Sends what has not been sent: somebody else goes on with the activity.</summary>
    public async Task FlushAsync()
    {
        if (Interlocked.Exchange(ref pending, null) is { } details)
        {
            await SendAsync(details).ConfigureAwait(false);
        }
    }

    /// <summary>What the next attempt gets to see; null: there was no heartbeat, or none that can be encoded.</summary>
    public async Task<Payloads?> LastDetailsAsync()
    {
        try
        {
            return last is null || HeartbeatFailure is not null ? null : await EncodeAsync(last).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The report is more than its details: without it the attempt would have to time out.
            HeartbeatFailure = e;
            return null;
        }
    }

    public void Dispose()
    {
        startToClose?.Dispose();
        heartbeat?.Dispose();
        pause?.Dispose();
        cancellation.Dispose();
    }

    private void TimeOut() => Cancel(ActivityCancelReason.Timeout, new ActivityCancellationDetails { IsGoneFromServer = true, IsTimedOut = true });

    private void TellContext()
    {
        if (context is not null && details is not null)
        {
            context.CancelReason = Reason;
            context.CancellationDetails = details;
        }
    }

    private void StopHeartbeats()
    {
        lock (sync)
        {
            stopped = true;
            pause?.Cancel();
        }
    }

    private void CancelToken()
    {
        try
        {
            cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt has ended in this moment: there is nothing left to cancel.
        }
        catch (AggregateException)
        {
            // A callback of the activity's own; nobody is there to hear it.
        }
    }

    private async Task SendAsync(CancellationToken token)
    {
        while (true)
        {
            object?[]? details;
            lock (sync)
            {
                details = pending;
                pending = null;
                if (details is null || stopped)
                {
                    return;
                }
            }
            await SendAsync(details).ConfigureAwait(false);
            // The next one waits here; what comes meanwhile replaces it.
            try
            {
                await Task.Delay(interval, clock, token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task SendAsync(object?[] details)
    {
        Payloads? encoded;
        try
        {
            encoded = await EncodeAsync(details).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            HeartbeatFailure = e;
            Cancel(ActivityCancelReason.HeartbeatRecordFailure);
            return;
        }
        try
        {
            var response = await identity.Service.RecordActivityTaskHeartbeatAsync(
                new() { TaskToken = taskToken, Namespace = identity.Namespace, Identity = identity.Identity, Details = encoded },
                WorkerIdentity.Call()).ConfigureAwait(false);
            heartbeat?.Change(heartbeatLimit, Timeout.InfiniteTimeSpan);
            if (response.CancelRequested || response.ActivityPaused || response.ActivityReset)
            {
                Cancel(
                    response.CancelRequested ? ActivityCancelReason.CancelRequested : response.ActivityReset ? ActivityCancelReason.Reset : ActivityCancelReason.Paused,
                    new ActivityCancellationDetails
                    {
                        IsCancelRequested = response.CancelRequested,
                        IsPaused = response.ActivityPaused,
                        IsReset = response.ActivityReset,
                    });
            }
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            Cancel(ActivityCancelReason.GoneFromServer);
        }
        catch (RpcException)
        {
            // Lost: the next one says more, and without any the server times the attempt out.
        }
    }

    private async Task<Payloads?> EncodeAsync(object?[] details)
    {
        if (details.Length == 0)
        {
            return null;
        }
        IReadOnlyCollection<Payload> payloads = [.. details.Select(converter.PayloadConverter.ToPayload)];
        if (converter.PayloadCodec is { } codec)
        {
            payloads = await codec.EncodeAsync(payloads).ConfigureAwait(false);
        }
        return new Payloads { Payloads_ = { payloads } };
    }
}
