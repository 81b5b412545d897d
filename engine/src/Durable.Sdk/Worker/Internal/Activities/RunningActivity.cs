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

    private readonly WorkerIdentity identity;
    private readonly ByteString taskToken;
    private readonly DataConverter converter;
    private readonly bool isLocal;
    private readonly TimeSpan interval;
    private readonly CancellationTokenSource cancellation = new();
    private readonly Lock sync = new();
    private object?[]? pending;
    private object?[]? last;
    private Task sending = Task.CompletedTask;
    private bool stopped;

    public RunningActivity(
        WorkerIdentity identity, TemporalWorkerOptions options, ByteString taskToken, ActivityInfo info, DataConverter converter, CancellationToken shutdown)
    {
        this.identity = identity;
        this.taskToken = taskToken;
        this.converter = converter;
        isLocal = info.IsLocal;
        interval = info.HeartbeatTimeout is { } timeout
            ? TimeSpan.FromTicks(Math.Min((long)(timeout.Ticks * ThrottleShare), options.MaxHeartbeatThrottleInterval.Ticks))
            : options.DefaultHeartbeatThrottleInterval;
    }

    public CancellationToken Token => cancellation.Token;

    public ActivityCancelReason Reason { get; private set; }

    /// <summary>Why a heartbeat could not be sent; the activity is cancelled then.</summary>
    public Exception? HeartbeatFailure { get; private set; }

    public ActivityExecutionContext? Context { get; set; }

    public void Cancel(ActivityCancelReason reason)
    {
        lock (sync)
        {
            if (Reason != ActivityCancelReason.None)
            {
                return;
            }
            Reason = reason;
        }
        if (Context is { } context)
        {
            context.CancelReason = reason;
            context.CancellationDetails = new ActivityCancellationDetails
            {
                IsCancelRequested = reason == ActivityCancelReason.CancelRequested,
                IsGoneFromServer = reason == ActivityCancelReason.GoneFromServer,
                IsHeartbeatRecordFailure = reason == ActivityCancelReason.HeartbeatRecordFailure,
                IsPaused = reason == ActivityCancelReason.Paused,
                IsReset = reason == ActivityCancelReason.Reset,
                IsTimedOut = reason == ActivityCancelReason.Timeout,
                IsWorkerShutdown = reason == ActivityCancelReason.WorkerShutdown,
            };
        }
        try
        {
            cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt has ended in this moment: there is nothing left to cancel.
        }
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
                sending = Task.Run(SendAsync);
            }
        }
    }

    public void StopHeartbeats()
    {
        lock (sync)
        {
            stopped = true;
        }
    }

    /// <summary>Sends what has not been sent: somebody else goes on with the activity.</summary>
    public async Task FlushAsync()
    {
        StopHeartbeats();
        if (Interlocked.Exchange(ref pending, null) is { } details)
        {
            await SendAsync(details).ConfigureAwait(false);
        }
    }

    /// <summary>What the next attempt gets to see; null: there was no heartbeat.</summary>
    public async Task<Payloads?> LastDetailsAsync() => last is null ? null : await EncodeAsync(last).ConfigureAwait(false);

    public void Dispose() => cancellation.Dispose();

    private async Task SendAsync()
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
                await Task.Delay(interval, Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
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
            if (response.CancelRequested)
            {
                Cancel(ActivityCancelReason.CancelRequested);
            }
            else if (response.ActivityReset)
            {
                Cancel(ActivityCancelReason.Reset);
            }
            else if (response.ActivityPaused)
            {
                Cancel(ActivityCancelReason.Paused);
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
