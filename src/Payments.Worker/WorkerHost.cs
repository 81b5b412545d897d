using Microsoft.Extensions.DependencyInjection.Extensions;
using Payments.Connection;
using Payments.Workflows;
using Temporalio.Client;
using Temporalio.Extensions.Hosting;

namespace Payments.Worker;

/// <summary>
/// Keeps a worker running: connects, prepares the namespace, hosts the worker in a host of its own, and starts over when that ends. The process itself stays
/// up and says by its readiness whether anything is polled.
/// </summary>
public sealed partial class WorkerHost(
    IServiceProvider services, string taskQueue, TimeSpan keyTtl, ITemporalClient? given, Action<ITemporalWorkerServiceOptionsBuilder>? register) : BackgroundService
{
    /// <summary>Quick at first, because engine and worker usually start together; a long outage is asked for every five seconds.</summary>
    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    private readonly ILoggerFactory loggers = services.GetRequiredService<ILoggerFactory>();
    private readonly ILogger logger = services.GetRequiredService<ILogger<WorkerHost>>();
    private readonly TimeProvider time = services.GetRequiredService<TimeProvider>();

    public bool IsPolling { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = PauseFirst;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var client = given ?? await TemporalClient.ConnectAsync(EngineConnection.Options(services.GetRequiredService<IConfiguration>(), loggers)).ConfigureAwait(false);
                await EngineSetup.EnsureSearchAttributesAsync(client, logger, stoppingToken).ConfigureAwait(false);
                await EngineSetup.CheckRetentionAsync(client, keyTtl, logger, stoppingToken).ConfigureAwait(false);
                using var host = Build(client);
                await host.StartAsync(stoppingToken).ConfigureAwait(false);
                IsPolling = true;
                pause = PauseFirst;
                LogPolling(logger, taskQueue);
                await host.WaitForShutdownAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogRestart(logger, e.Message, pause);
            }
            catch
            {
                // Whatever it was doing: the process ends, and that is no failure.
                return;
            }
            finally
            {
                IsPolling = false;
            }
            try
            {
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            pause = pause * 2 > PauseMax ? PauseMax : pause * 2;
        }
    }

    private IHost Build(ITemporalClient client)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        builder.Services.AddSingleton(client);
        builder.Services.AddSingleton(services.GetRequiredService<GatewayActivitiesOverHttp>());
        var worker = builder.Services.AddHostedTemporalWorker(taskQueue)
            .AddSingletonActivities<GatewayActivitiesOverHttp>()
            .AddWorkflow<PaymentWorkflow>()
            .AddWorkflow<RefundWorkflow>()
            .ConfigureOptions(Tune);
        register?.Invoke(worker);
        return builder.Build();
    }

    private static void Tune(TemporalWorkerServiceOptions options)
    {
        // A task that finds no poll waiting costs the engine one more commit, and the payment a wait. Each payment's first task comes by
        // the normal queue, its second by the sticky one; a poll that waits costs next to nothing.
        options.MaxConcurrentWorkflowTaskPolls = 128;
        options.NonStickyToStickyPollRatio = 0.5F;
        options.MaxConcurrentWorkflowTasks = 256;
        // A charge under way is a waiting HTTP request, no thread. Without a free slot its activity takes the detour over the task queue
        // instead of coming in the answer to the task that asked for it.
        options.MaxConcurrentActivities = 512;
        // Enough for the payments under way. One that was made is asked again soon or not for days; a short history is read for one that is
        // gone, and a run that lives through a few collections costs the processor more than that.
        options.MaxCachedWorkflows = 300;
        // It finds workflow code that leaves its scheduler by listening to every await of the process, which costs a fifth of it. The
        // tests of the workflows run with it.
        options.DisableWorkflowTracingEventListener = true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Polling task queue {TaskQueue}")]
    private static partial void LogPolling(ILogger logger, string taskQueue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The worker is not running ({Reason}); trying again in {Pause}")]
    private static partial void LogRestart(ILogger logger, string reason, TimeSpan pause);

    /// <summary>Ctrl-C belongs to the process, not to the worker in it.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
