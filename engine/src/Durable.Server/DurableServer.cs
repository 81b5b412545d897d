using Durable.Protocol;
using Durable.Server.Deployments;
using Durable.Server.Engine;
using Durable.Server.Executions;
using Durable.Server.Matching;
using Durable.Server.Namespaces;
using Durable.Server.Services;
using Durable.Server.Storage;
using Durable.Server.Time;
using Durable.Server.Workers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Durable.Server;

/// <summary>How a server is put together.</summary>
public sealed record DurableServerOptions
{
    /// <summary>Disposed with the server.</summary>
    public required IServerStore Store { get; init; }

    /// <summary>The clock of everything that the server does with time, RPC deadlines and poll expiry excepted.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Registered at start where they are not there yet.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = ["default"];

    /// <summary>How long closed runs of those namespaces are kept; the development server of Temporal's CLI has a day.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(1);

    public ExecutionLimits Limits { get; init; } = new();

    public IIdSource Ids { get; init; } = new SystemIds();

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>A <see cref="VirtualClock"/> that is also the <see cref="Clock"/> makes this a server for tests, with the TestService.</summary>
    public ITimeSkippingLocks TimeSkipping { get; init; } = new NoTimeSkipping();

    /// <summary>Runs that stay in memory when nothing happens to them: about 20 KB each, and a page or two to read when one is wanted again.</summary>
    public int MaximumLoadedRuns { get; init; } = 256;
}

/// <summary>The embedded server without a network: a router that a transport or a test calls.</summary>
public sealed class DurableServer : IAsyncDisposable
{
    private readonly IServerStore store;
    private readonly ServerEngine engine;
    private readonly ScheduleEngine schedules;
    private readonly Retention retention;
    private readonly ServerMetrics metrics;

    private DurableServer(
        IServerStore store, ServerEngine engine, ScheduleEngine schedules, Retention retention, ServerMetrics metrics, NamespaceRegistry namespaces, RpcRouter router)
    {
        this.store = store;
        this.engine = engine;
        this.schedules = schedules;
        this.retention = retention;
        this.metrics = metrics;
        Namespaces = namespaces;
        Router = router;
    }

    public RpcRouter Router { get; }

    public NamespaceRegistry Namespaces { get; }

    /// <summary>Reads what is due and answers from then on.</summary>
    public static async Task<DurableServer> StartAsync(DurableServerOptions options)
    {
        var namespaces = await NamespaceRegistry.LoadAsync(options.Store).ConfigureAwait(false);
        await namespaces.EnsureAsync(NamespaceRegistry.SystemNamespace, TimeSpan.FromDays(7), "Temporal internal system namespace", "temporal-core@temporal.io").ConfigureAwait(false);
        foreach (var name in options.Namespaces)
        {
            await namespaces.EnsureAsync(name, options.Retention).ConfigureAwait(false);
        }
        var logger = options.LoggerFactory.CreateLogger("Durable.Server");
        var metrics = new ServerMetrics();
        var matcher = new TaskMatcher(options.Clock);
        var deployments = new DeploymentRegistry(options.Store, options.Clock);
        string[] known = [.. namespaces.All.Select(static found => found.NamespaceInfo.Name), .. namespaces.Leaving];
        await deployments.LoadAsync(known).ConfigureAwait(false);
        var runs = new RunContext(options.Ids, options.Limits, namespaces.Check, namespaces.IdOf)
        {
            Retention = namespaces.RetentionOf,
            RequireNamespace = namespaces.Require,
            TargetVersion = (namespaceName, queue, workflowId) =>
                deployments.Routing.TargetOf(new TaskQueueKey(namespaceName, queue, Temporalio.Api.Enums.V1.TaskQueueType.Workflow), workflowId, null),
            RampingVersion = (namespaceName, queue) => VersionNames.KeyOf(
                deployments.Routing.Find(new TaskQueueKey(namespaceName, queue, Temporalio.Api.Enums.V1.TaskQueueType.Workflow))?.Ramping),
            HasVersion = (namespaceName, queue, version) =>
                deployments.Routing.Contains(new TaskQueueKey(namespaceName, queue, Temporalio.Api.Enums.V1.TaskQueueType.Workflow), version),
        };
        var engine = new ServerEngine(options.Store, runs, matcher, options.Clock, options.TimeSkipping, metrics, logger, options.MaximumLoadedRuns, deployments);
        var router = new RpcRouter();
        var context = new ServiceContext(engine, matcher, namespaces, options.Store, options.Clock, metrics, logger);
        var starts = new StartService(context);
        starts.Map(router);
        new UpdateService(context).Map(router);
        var workers = new WorkerRegistry(options.Clock);
        new TaskService(context, workers).Map(router);
        new WorkerService(context, workers).Map(router);
        var configs = new TaskQueueConfigs(options.Store, matcher, options.Clock);
        await configs.LoadAsync(known).ConfigureAwait(false);
        new TaskQueueService(context, configs).Map(router);
        new DeploymentService(context).Map(router);
        new ActivityService(context).Map(router);
        new ActivityControlService(context).Map(router);
        new ExecutionService(context).Map(router);
        new ResetService(context).Map(router);
        new VisibilityService(context).Map(router);
        var schedules = new ScheduleEngine(options.Store, engine, starts.StartAsync, options.Clock, options.TimeSkipping, context.Logger);
        new ScheduleService(context, schedules).Map(router);
        var batches = new BatchRunner(context);
        new BatchService(context, batches).Map(router);
        var eraser = new NamespaceEraser(context, schedules, batches, configs);
        new NamespaceService(context, eraser).Map(router);
        if (options.TimeSkipping is VirtualClock virtualClock)
        {
            new TestService(virtualClock).Map(router);
        }
        await engine.RecoverAsync().ConfigureAwait(false);
        await schedules.RecoverAsync().ConfigureAwait(false);
        await batches.RecoverAsync().ConfigureAwait(false);
        eraser.Recover();
        var retention = new Retention(engine, options.Store, namespaces, options.Clock, logger);
        return new DurableServer(options.Store, engine, schedules, retention, metrics, namespaces, router);
    }

    /// <summary>Sends polls and long waits home and takes no new ones. Everything else is still answered, until <see cref="DisposeAsync"/>.</summary>
    public void BeginStop() => engine.BeginStop();

    public async ValueTask DisposeAsync()
    {
        retention.Dispose();
        schedules.Dispose();
        await engine.DisposeAsync().ConfigureAwait(false);
        metrics.Dispose();
        await store.DisposeAsync().ConfigureAwait(false);
    }
}
