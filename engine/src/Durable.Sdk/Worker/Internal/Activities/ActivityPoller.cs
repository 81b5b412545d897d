using Microsoft.Extensions.Logging;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Exceptions;
using Temporalio.Worker.Internal.Runs;
using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Internal.Activities;

/// <summary>Polls for activities and hands them, and those that come with workflow tasks, to the activity worker.</summary>
internal sealed class ActivityPoller(
    WorkerIdentity identity, ActivityWorker worker, Slots slots, TemporalWorkerOptions options, ILogger logger) : IEagerActivities
{
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stack<SlotPermit> reserved = new();
    private readonly Lock sync = new();
    private readonly PollPace? pace = options.MaxActivitiesPerSecond is { } rate ? new PollPace(rate, TimeProvider.System) : null;
    private int working = 1;
    private bool stopping;

    /// <summary>Polls until told to stop.</summary>
    /// <exception cref="RpcException">The server refuses the worker.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var behavior = options.ActivityTaskPollerBehavior ?? new PollerBehavior.SimpleMaximum(options.MaxConcurrentActivityTaskPolls);
        var tags = identity.Metrics.Pollers("activity_task");
        var scaler = new PollScaler(behavior, identity.ServerScalesPolls, TimeProvider.System, open => identity.Metrics.Sdk.NumPollers.Set(open, tags));
        await scaler.RunAsync(() => PollAsync(scaler, source), source.Token).ConfigureAwait(false);
    }

    /// <summary>Waits for the activities; those that go on longer than the grace time are cancelled.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        stopping = true;
        worker.NotifyShutdown();
        if (Interlocked.Decrement(ref working) == 0)
        {
            drained.TrySetResult();
        }
        if (await Task.WhenAny(drained.Task, Task.Delay(grace)).ConfigureAwait(false) != drained.Task)
        {
            worker.CancelAll();
        }
        await drained.Task.ConfigureAwait(false);
    }

    // What comes with an answer was not polled for, so no limit would hold for it.
    public bool TryReserve()
    {
        if (stopping || options.MaxActivitiesPerSecond is not null || options.MaxTaskQueueActivitiesPerSecond is not null || slots.TryReserve() is not { } permit)
        {
            return false;
        }
        lock (sync)
        {
            reserved.Push(permit);
        }
        return true;
    }

    public void Run(IReadOnlyList<PollActivityTaskQueueResponse> tasks, int reserved)
    {
        for (var i = 0; i < Math.Max(tasks.Count, reserved); i++)
        {
            SlotPermit permit;
            lock (sync)
            {
                permit = this.reserved.Pop();
            }
            if (i < tasks.Count)
            {
                Begin(tasks[i], permit, isEager: true);
            }
            else
            {
                slots.Release(permit, null);
            }
        }
    }

    private async Task PollAsync(PollScaler scaler, CancellationTokenSource stopping)
    {
        var failures = 0;
        var token = stopping.Token;
        while (!token.IsCancellationRequested && scaler.Continues())
        {
            SlotPermit? permit = null;
            try
            {
                permit = await slots.ReserveAsync(false, token).ConfigureAwait(false);
                await (pace?.WaitAsync(token) ?? Task.CompletedTask).ConfigureAwait(false);
                var response = await identity.Service.PollActivityTaskQueueAsync(Request(), WorkerIdentity.Poll(token)).ConfigureAwait(false);
                failures = 0;
                scaler.Answered(response.TaskToken.IsEmpty, response.PollerScalingDecision);
                if (!response.TaskToken.IsEmpty)
                {
                    var used = permit;
                    permit = null;
                    Begin(response, used, isEager: false);
                }
                else
                {
                    identity.Metrics.Sdk.ActivityPollNoTask.Add(1, identity.Metrics.Queue);
                }
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                return;
            }
            catch (RpcException e) when (token.IsCancellationRequested || PollErrors.IsEmpty(e))
            {
                scaler.Failed(isExhausted: false);
            }
            catch (RpcException e) when (PollErrors.IsFatal(e))
            {
                await stopping.CancelAsync().ConfigureAwait(false);
                throw;
            }
            catch (RpcException e)
            {
                WorkerLog.PollFailed(logger, e, identity.TaskQueue);
                if (e.Code == RpcException.StatusCode.ResourceExhausted)
                {
                    scaler.Failed(isExhausted: true);
                }
                try
                {
                    await Task.Delay(PollErrors.Wait(++failures), token).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
            finally
            {
                if (permit is not null)
                {
                    slots.Release(permit, null);
                }
            }
        }
    }

    private PollActivityTaskQueueRequest Request()
    {
        var request = new PollActivityTaskQueueRequest
        {
            Namespace = identity.Namespace,
            TaskQueue = new() { Name = identity.TaskQueue, Kind = TaskQueueKind.Normal },
            Identity = identity.Identity,
            WorkerInstanceKey = identity.InstanceKey,
            WorkerVersionCapabilities = identity.Capabilities(),
            DeploymentOptions = identity.Deployment,
        };
        if (options.MaxTaskQueueActivitiesPerSecond is { } rate)
        {
            request.TaskQueueMetadata = new() { MaxTasksPerSecond = rate };
        }
        return request;
    }

    private void Begin(PollActivityTaskQueueResponse task, SlotPermit permit, bool isEager)
    {
        var info = new SlotInfo.ActivitySlotInfo(task.ActivityType.Name);
        slots.MarkUsed(permit, info);
        Interlocked.Increment(ref working);
        _ = Task.Run(async () =>
        {
            try
            {
                await worker.RunAsync(task, isEager).ConfigureAwait(false);
            }
            finally
            {
                slots.Release(permit, info);
                if (Interlocked.Decrement(ref working) == 0)
                {
                    drained.TrySetResult();
                }
            }
        });
    }
}
