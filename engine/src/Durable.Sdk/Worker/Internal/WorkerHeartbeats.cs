using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Worker.V1;
using Temporalio.Exceptions;
using Temporalio.Worker.Internal.Runs;

namespace Temporalio.Worker.Internal;

/// <summary>Tells servers that keep a list of workers that this one is there. A courtesy: what goes wrong with it is tried again at the next time.</summary>
internal sealed class WorkerHeartbeats(WorkerIdentity identity, TimeSpan interval, TimeProvider clock)
{
    private readonly DateTimeOffset started = clock.GetUtcNow();
    private DateTimeOffset? last;

    /// <summary>Until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(interval, clock);
        do
        {
            try
            {
                await SendAsync().ConfigureAwait(false);
            }
            catch (RpcException e) when (e.Code == RpcException.StatusCode.Unimplemented)
            {
                return;
            }
            catch (RpcException)
            {
                // The next one comes soon.
            }
        }
        while (await NextAsync(timer, stop).ConfigureAwait(false));
    }

    private static async ValueTask<bool> NextAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task SendAsync()
    {
        var now = clock.GetUtcNow();
        var heartbeat = new WorkerHeartbeat
        {
            WorkerInstanceKey = identity.InstanceKey,
            WorkerIdentity = identity.Identity,
            HostInfo = new()
            {
                HostName = Environment.MachineName,
                ProcessId = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            },
            TaskQueue = identity.TaskQueue,
            SdkName = SdkName.Name,
            SdkVersion = SdkName.Version,
            Status = WorkerStatus.Running,
            StartTime = started.ToTimestamp(),
            HeartbeatTime = now.ToTimestamp(),
            ElapsedSinceLastHeartbeat = last is { } before ? (now - before).ToDuration() : null,
        };
        last = now;
        await identity.Service.RecordWorkerHeartbeatAsync(
            new() { Namespace = identity.Namespace, Identity = identity.Identity, WorkerHeartbeat = { heartbeat } }, WorkerIdentity.Call()).ConfigureAwait(false);
    }
}
