using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Runtime;
using Temporalio.Worker.Interceptors;
using Temporalio.Worker.Internal.Activities;
using Temporalio.Worker.Internal.Language;
using Temporalio.Worker.Internal.Runs;
using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Internal;

/// <summary>Puts the parts of a worker together, starts and stops them.</summary>
internal sealed class WorkerHost
{
    private const int DefaultSlots = 100;

    private readonly TemporalWorkerOptions options;
    private readonly Lock sync = new();
    private readonly TemporalRuntime runtime;
    private readonly WorkerIdentity identity;
    private readonly ILogger logger;
    private readonly WorkflowWorker? workflows;
    private readonly ActivityPoller? activities;
    private ITemporalConnection connection;
    private bool takesEagerStarts;

    public WorkerHost(TemporalWorker worker, IWorkerClient client, TemporalWorkerOptions options)
    {
        RequireConsistent(options);
        this.options = options;
        connection = ConnectionOf(client);
        runtime = connection.Options.Runtime ?? TemporalRuntime.Default;
        var who = options.Identity ?? connection.Options.Identity ?? $"{Environment.ProcessId}@{Environment.MachineName}";
        identity = new WorkerIdentity
        {
            Service = connection.WorkflowService,
            Namespace = client.Options.Namespace,
            TaskQueue = options.TaskQueue!,
            Identity = who,
            BuildId = BuildIdOf(options),
            Deployment = DeploymentOf(options.DeploymentOptions),
            Metrics = new WorkerMetrics(runtime.Metrics, client.Options.Namespace, options.TaskQueue!),
            StickyQueue = options.MaxCachedWorkflows > 0 && options.Workflows.Count > 0 ? $"{who}-{Guid.NewGuid():N}" : null,
        };
        var loggers = options.LoggerFactory ?? client.Options.LoggerFactory;
        logger = loggers.CreateLogger("Temporalio.Worker");
        IReadOnlyList<IWorkerInterceptor> interceptors =
            [.. (client.Options.Interceptors ?? []).OfType<IWorkerInterceptor>(), .. options.Interceptors ?? []];

        var activityWorker = options.Activities.Count == 0 ? null : new ActivityWorker(
            identity, () => worker.Client, options, interceptors, loggers, runtime.MetricMeter, TimeProvider.System);
        if (activityWorker is not null)
        {
            activities = new ActivityPoller(
                identity,
                activityWorker,
                Slots.Of(options.Tuner?.ActivityTaskSlotSupplier ?? new FixedSizeSlotSupplier(options.MaxConcurrentActivities ?? DefaultSlots), SlotType.Activity, identity, logger),
                options,
                logger);
        }
        if (options.Workflows.Count > 0)
        {
            workflows = CreateWorkflowWorker(worker, client, interceptors, loggers, activityWorker);
        }
    }

    /// <summary>Calls from now on are this client's, and its connection is the one whose starts the worker may take with the answer.</summary>
    /// <exception cref="InvalidOperationException">The client is lazy and has not connected yet.</exception>
    public void Use(IWorkerClient client)
    {
        var given = ConnectionOf(client);
        lock (sync)
        {
            var takes = takesEagerStarts;
            TakeEagerStarts(false);
            connection = given;
            identity.Service = given.WorkflowService;
            TakeEagerStarts(takes);
        }
    }

    private void TakeEagerStarts(bool takes)
    {
        lock (sync)
        {
            if (takes == takesEagerStarts || workflows is null || connection is not TemporalConnection { EagerWorkers: var eager })
            {
                return;
            }
            takesEagerStarts = takes;
            if (takes)
            {
                eager.Add(workflows);
            }
            else
            {
                eager.Remove(workflows);
            }
        }
    }

    public async Task<TResult> RunAsync<TResult>(Func<Task<TResult>> untilComplete, CancellationToken stoppingToken)
    {
        var described = await ValidateAsync().ConfigureAwait(false);
        identity.ServerScalesPolls = described.NamespaceInfo?.Capabilities?.PollerAutoscaling ?? false;
        if (!options.DisableWorkflowTracingEventListener && workflows is not null)
        {
            SchedulingWatch.Instance.Register();
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        try
        {
            TakeEagerStarts(true);
            var heartbeats = described.NamespaceInfo?.Capabilities?.WorkerHeartbeats == true && runtime.WorkerHeartbeatInterval is { } interval
                ? new WorkerHeartbeats(identity, interval, TimeProvider.System).RunAsync(stop.Token)
                : Task.CompletedTask;
            Task workflowTask = workflows?.RunAsync(stop.Token) ?? Task.CompletedTask;
            Task activityTask = options.LocalActivityWorkerOnly || activities is null ? Task.CompletedTask : activities.RunAsync(stop.Token);
            var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = stop.Token.Register(() => stopped.TrySetResult());
            // Not on the caller's thread, even if nothing before had to wait: the function may block until its caller goes on.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            var user = StartedAsync(untilComplete);
            List<Task> ends = [user, stopped.Task];
            if (workflows is not null)
            {
                ends.Add(workflowTask);
            }
            if (activities is not null && !options.LocalActivityWorkerOnly)
            {
                ends.Add(activityTask);
            }
            await Task.WhenAny(ends).ConfigureAwait(false);
            TakeEagerStarts(false);
            await stop.CancelAsync().ConfigureAwait(false);
            // Activities hear of it first: their grace must not wait for a server that does not answer.
            var stopping = activities?.StopAsync(options.GracefulShutdownTimeout) ?? Task.CompletedTask;
            await ShutdownAsync().ConfigureAwait(false);
            try
            {
                await Task.WhenAll(heartbeats, workflowTask, stopping, activityTask).ConfigureAwait(false);
            }
            catch (RpcException) when (user.IsFaulted)
            {
                // The function's own failure, which came first, is the one to show.
            }
            if (!user.IsCompleted)
            {
                stoppingToken.ThrowIfCancellationRequested();
            }
            return await user.ConfigureAwait(false);
        }
        finally
        {
            TakeEagerStarts(false);
            if (!options.DisableWorkflowTracingEventListener && workflows is not null)
            {
                SchedulingWatch.Instance.Unregister();
            }
        }
    }

    // Whatever it throws, and when, comes out of its task.
    private static async Task<TResult> StartedAsync<TResult>(Func<Task<TResult>> function) => await function().ConfigureAwait(false);

    // A wrong namespace must be an error here, not an endless row of failed polls.
    private async Task<DescribeNamespaceResponse> ValidateAsync()
    {
        try
        {
            return await identity.Service.DescribeNamespaceAsync(new() { Namespace = identity.Namespace }, WorkerIdentity.Call()).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            throw new InvalidOperationException($"Worker validation failed: {e.Message}", e);
        }
    }

    private static void RequireConsistent(TemporalWorkerOptions options)
    {
        if (options.Tuner is not { } tuner)
        {
            return;
        }
        if (options.MaxConcurrentWorkflowTasks is not null || options.MaxConcurrentActivities is not null ||
            options.MaxConcurrentLocalActivities is not null || options.MaxConcurrentNexusTasks is not null)
        {
            throw new ArgumentException(
                "Cannot set both Tuner and any of MaxConcurrentWorkflowTasks, MaxConcurrentActivities, MaxConcurrentLocalActivities, or MaxConcurrentNexusTasks.");
        }
        SlotSupplier[] suppliers = [tuner.WorkflowTaskSlotSupplier, tuner.ActivityTaskSlotSupplier, tuner.LocalActivitySlotSupplier, tuner.NexusTaskSlotSupplier];
        if (suppliers.OfType<ResourceBasedSlotSupplier>().Select(static supplier => supplier.TunerOptions).Distinct().Count() > 1)
        {
            throw new ArgumentException("All resource-based slot suppliers must have the same ResourceBasedTunerOptions");
        }
    }

    private static ITemporalConnection ConnectionOf(IWorkerClient client)
    {
        var connection = client.BridgeClientProvider as ITemporalConnection ??
            throw new ArgumentException("The client has no connection that a worker can use", nameof(client));
        return connection.IsConnected ? connection : throw new InvalidOperationException("Cannot use unconnected lazy client for worker");
    }

    // A hash of the program when nothing is set: histories then show which build did what.
    private static string BuildIdOf(TemporalWorkerOptions options)
    {
#pragma warning disable CS0618 // Old applications still set it.
        var given = options.DeploymentOptions?.Version?.BuildId ?? options.BuildId;
#pragma warning restore CS0618
        return given ?? (System.Reflection.Assembly.GetEntryAssembly()?.ManifestModule.ModuleVersionId.ToString("N") ?? string.Empty);
    }

    private static Api.Deployment.V1.WorkerDeploymentOptions? DeploymentOf(WorkerDeploymentOptions? options) => options?.Version is { } version
        ? new()
        {
            DeploymentName = version.DeploymentName,
            BuildId = version.BuildId,
            WorkerVersioningMode = options.UseWorkerVersioning ? WorkerVersioningMode.Versioned : WorkerVersioningMode.Unversioned,
        }
        : null;

    private WorkflowWorker CreateWorkflowWorker(
        TemporalWorker worker, IWorkerClient client, IReadOnlyList<IWorkerInterceptor> interceptors, ILoggerFactory loggers, ActivityWorker? activityWorker)
    {
        Action<string> check = activityWorker is null
            ? static name => throw new InvalidOperationException($"Activity {name} is not registered on this worker, no available activities.")
            : activityWorker.Check;
        var environment = new WorkflowRunEnvironment(
            new WorkflowEnvironmentInfo
            {
                Namespace = identity.Namespace,
                TaskQueue = identity.TaskQueue,
                DataConverter = client.Options.DataConverter,
                Interceptors = interceptors,
                LoggerFactory = loggers,
                MetricMeter = runtime.MetricMeter,
                FailureExceptionTypes = options.WorkflowFailureExceptionTypes ?? [],
                StackTrace = options.WorkflowStackTrace,
                DisableEagerActivities = options.DisableEagerActivityExecution || activities is null || options.LocalActivityWorkerOnly,
                WatchesScheduling = !options.DisableWorkflowTracingEventListener,
                CheckLocalActivity = check,
                OnStarting = options.HasTaskStarting ? instance => options.OnTaskStarting(worker, new(instance.Info, instance.Definition)) : null,
                OnCompleted = options.HasTaskCompleted
                    ? (instance, failure) => options.OnTaskCompleted(worker, new(instance.Info, instance.Definition, failure))
                    : null,
            },
            options.Workflows,
            TimeProvider.System)
        {
            DeploymentVersion = options.DeploymentOptions?.Version ?? new(string.Empty, identity.BuildId),
            DefaultVersioning = options.DeploymentOptions is { UseWorkerVersioning: true } versioned ? versioned.DefaultVersioningBehavior : null,
        };
        var localSlots = Slots.Of(
            options.Tuner?.LocalActivitySlotSupplier ?? new FixedSizeSlotSupplier(options.MaxConcurrentLocalActivities ?? DefaultSlots), SlotType.LocalActivity, identity, logger);
        var settings = new WorkflowWorkerSettings
        {
            Slots = Slots.Of(
                options.Tuner?.WorkflowTaskSlotSupplier ?? new FixedSizeSlotSupplier(options.MaxConcurrentWorkflowTasks ?? DefaultSlots), SlotType.Workflow, identity, logger),
            Polls = options.WorkflowTaskPollerBehavior ?? new PollerBehavior.SimpleMaximum(options.MaxConcurrentWorkflowTaskPolls),
            NonStickyRatio = options.NonStickyToStickyPollRatio,
            MaxCached = options.MaxCachedWorkflows,
            StickyTimeout = options.StickyQueueScheduleToStartTimeout,
            DetectsDeadlocks = !options.DebugMode,
            EagerActivities = activities is null ? NoEagerActivities.Instance : activities,
            LocalActivities = new LocalActivityRunner(
                localSlots,
                TimeProvider.System,
                check,
                (attempt, token) => activityWorker!.RunLocalAsync(attempt, token)),
        };
        return new WorkflowWorker(identity, environment, settings);
    }

    // Tells the server that the sticky queue has no worker any more, so that its tasks need not wait for their timeout.
    private async Task ShutdownAsync()
    {
        if (identity.StickyQueue is null)
        {
            return;
        }
        try
        {
            await identity.Service.ShutdownWorkerAsync(
                new()
                {
                    Namespace = identity.Namespace,
                    StickyTaskQueue = identity.StickyQueue,
                    Identity = identity.Identity,
                    Reason = "graceful shutdown",
                    WorkerInstanceKey = identity.InstanceKey,
                    TaskQueue = identity.TaskQueue,
                    TaskQueueTypes = { TaskQueueType.Workflow, TaskQueueType.Activity },
                },
                WorkerIdentity.Call()).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            // Only a courtesy: old servers do not know the call.
            WorkerLog.ShutdownNotTold(logger, e);
        }
    }
}
