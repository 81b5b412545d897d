using Microsoft.Extensions.Logging;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Exceptions;
using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Internal.Runs;

/// <summary>Polls for workflow tasks and works on them.</summary>
internal sealed partial class WorkflowWorker
{
    private readonly WorkerIdentity identity;
    private readonly WorkflowRunEnvironment environment;
    private readonly WorkflowWorkerSettings settings;
    private readonly Slots slots;
    private readonly RunCache cache;
    private readonly WorkerMetrics metrics;
    private readonly ILogger logger;
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int working = 1;
    private volatile bool stops;

    public WorkflowWorker(WorkerIdentity identity, WorkflowRunEnvironment environment, WorkflowWorkerSettings settings)
    {
        this.identity = identity;
        this.environment = environment;
        this.settings = settings;
        slots = settings.Slots;
        metrics = identity.Metrics;
        cache = new RunCache(settings.MaxCached, identity.Metrics);
        logger = environment.Workflows.LoggerFactory.CreateLogger("Temporalio.Worker.WorkflowWorker");
    }

    /// <summary>Polls until told to stop, then finishes the tasks at hand.</summary>
    /// <exception cref="RpcException">The server refuses the worker.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var registration = stop.Register(() => stops = true);
        using var watch = settings.DetectsDeadlocks
            ? environment.Clock.CreateTimer(_ => _ = FailDeadlockedAsync(), null, Deadlock.Pause, Deadlock.Pause)
            : null;
        metrics.Sdk.WorkerStart.Add(1, metrics.Queue);
        var (normal, sticky) = Polls();
        try
        {
            // The sticky ones first: a server sends a run's next task elsewhere while nobody asks for it there.
            await Task.WhenAll(
                sticky is null ? Task.CompletedTask : PollAsync(sticky, isSticky: true, stopping),
                PollAsync(normal, isSticky: false, stopping)).ConfigureAwait(false);
        }
        finally
        {
            if (Interlocked.Decrement(ref working) > 0)
            {
                await drained.Task.ConfigureAwait(false);
            }
        }
    }

    /// <summary>A number that scales does so for each of the two queues; a fixed one is shared out.</summary>
    private (PollerBehavior Normal, PollerBehavior? Sticky) Polls()
    {
        if (identity.StickyQueue is null || settings.Polls is not PollerBehavior.SimpleMaximum { Maximum: var count })
        {
            return (settings.Polls, identity.StickyQueue is null ? null : settings.Polls);
        }
        var sticky = Math.Max(1, count - Math.Max(1, (int)Math.Round(count * settings.NonStickyRatio)));
        return (new PollerBehavior.SimpleMaximum(Math.Max(1, count - sticky)), new PollerBehavior.SimpleMaximum(sticky));
    }

    private Task PollAsync(PollerBehavior behavior, bool isSticky, CancellationTokenSource stopping)
    {
        var tags = metrics.Pollers(isSticky ? "sticky_workflow_task" : "workflow_task");
        var scaler = new PollScaler(behavior, identity.ServerScalesPolls, environment.Clock, open => metrics.Sdk.NumPollers.Set(open, tags));
        return scaler.RunAsync(() => PollAsync(scaler, isSticky, stopping), stopping.Token);
    }

    private async Task PollAsync(PollScaler scaler, bool isSticky, CancellationTokenSource stopping)
    {
        var failures = 0;
        var token = stopping.Token;
        while (!token.IsCancellationRequested && scaler.Continues())
        {
            SlotPermit? permit = null;
            try
            {
                permit = await slots.ReserveAsync(isSticky, token).ConfigureAwait(false);
                var response = await identity.Service.PollWorkflowTaskQueueAsync(Request(isSticky), WorkerIdentity.Poll(token)).ConfigureAwait(false);
                failures = 0;
                scaler.Answered(response.TaskToken.IsEmpty, response.PollerScalingDecision);
                if (response.TaskToken.IsEmpty)
                {
                    metrics.Sdk.WorkflowTaskPollEmpty.Add(1, metrics.Queue);
                    continue;
                }
                metrics.Sdk.WorkflowTaskPollSucceed.Add(1, metrics.Queue);
                var used = permit;
                permit = null;
                Begin(response, used, isSticky);
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
                failures++;
                await DelayAsync(PollErrors.Wait(failures), token).ConfigureAwait(false);
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

    private PollWorkflowTaskQueueRequest Request(bool isSticky) => new()
    {
        Namespace = identity.Namespace,
        TaskQueue = isSticky
            ? new() { Name = identity.StickyQueue, Kind = TaskQueueKind.Sticky, NormalName = identity.TaskQueue }
            : new() { Name = identity.TaskQueue, Kind = TaskQueueKind.Normal },
        Identity = identity.Identity,
        WorkerInstanceKey = identity.InstanceKey,
        WorkerVersionCapabilities = identity.Capabilities(),
        DeploymentOptions = identity.Deployment,
    };

    /// <summary>Reserves a slot for a workflow that a client of the same connection is about to start.</summary>
    public EagerSlot? TryReserve(string @namespace, string taskQueue)
    {
        if (@namespace != identity.Namespace || taskQueue != identity.TaskQueue || slots.TryReserve() is not { } permit)
        {
            return null;
        }
        // Counts as work until the answer is there, so that a worker that stops meanwhile still takes the task.
        Interlocked.Increment(ref working);
        return new EagerSlot(task =>
        {
            if (task is null)
            {
                slots.Release(permit, null);
            }
            else
            {
                Begin(task, permit, isSticky: false);
            }
            EndWork();
        });
    }

    private void EndWork()
    {
        if (Interlocked.Decrement(ref working) == 0)
        {
            drained.TrySetResult();
        }
    }

    private void Begin(PollWorkflowTaskQueueResponse response, SlotPermit permit, bool isSticky)
    {
        if (response is { StartedTime: { } started, ScheduledTime: { } scheduled })
        {
            metrics.Sdk.WorkflowTaskScheduleToStartLatency.Record((started - scheduled).ToTimeSpan(), metrics.Queue);
        }
        var info = new SlotInfo.WorkflowSlotInfo(response.WorkflowType.Name, isSticky);
        slots.MarkUsed(permit, info);
        var task = new WorkflowTask(response, () => slots.Release(permit, info));
        Interlocked.Increment(ref working);
        _ = Task.Run(async () =>
        {
            try
            {
                await WorkAsync(task).ConfigureAwait(false);
            }
            finally
            {
                EndWork();
            }
        });
    }

    private async Task DelayAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(wait, environment.Clock, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop sees the token.
        }
    }
}
