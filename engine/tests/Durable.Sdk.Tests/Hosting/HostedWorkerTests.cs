using Durable.Sdk.Tests.Samples;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Extensions.Hosting;
using Temporalio.Testing;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Hosting;

/// <summary>Workers of a service collection: which can be beside each other, where their activities come from, and what is refused.</summary>
public class HostedWorkerTests
{
    [Fact]
    public void OneQueue_MayHaveAWorkerForEachVersion_AndNoneTwice()
    {
        var services = new ServiceCollection();
        services.AddHostedTemporalWorker("q");
        services.AddHostedTemporalWorker("other");
        services.AddHostedTemporalWorker("q", Deployment("1"));
        services.AddHostedTemporalWorker("q", Deployment("2"));

        Should.Throw<InvalidOperationException>(() => services.AddHostedTemporalWorker("q")).Message
            .ShouldBe("Worker service for task queue 'q' and version '<unset>' already on collection");
        Should.Throw<InvalidOperationException>(() => services.AddHostedTemporalWorker("q", Deployment("2"))).Message
            .ShouldBe("Worker service for task queue 'q' and version 'shop.2' already on collection");
        Should.Throw<ArgumentException>(() => services.AddHostedTemporalWorker("third", new WorkerDeploymentOptions())).ParamName.ShouldBe("deploymentOptions");
        services.Count(static service => service.ServiceType == typeof(IHostedService)).ShouldBe(4);
    }

    [Fact]
    public void Options_OfAnotherQueueOrVersion_AreRefused()
    {
        static Exception Starting(Action<TemporalWorkerServiceOptions> configure)
        {
            var services = new ServiceCollection();
            services.AddLogging().AddTemporalClient("localhost:1", "default");
            services.AddHostedTemporalWorker("q").ConfigureOptions(configure);
            using var provider = services.BuildServiceProvider();
            return Should.Throw<InvalidOperationException>(() => provider.GetServices<IHostedService>().ToArray());
        }

        Starting(static options => options.TaskQueue = "other").Message.ShouldBe("Task queue 'q' on constructor different than 'other' on options");
        Starting(static options => options.DeploymentOptions = Deployment("1")).Message
            .ShouldBe("Deployment Version '<unset>' on constructor different than 'shop.1' on options");
    }

    [Fact]
    public void Worker_WithoutAClient_IsRefused()
    {
        var services = new ServiceCollection();
        services.AddHostedTemporalWorker("q");
        using var provider = services.BuildServiceProvider();

        Should.Throw<InvalidOperationException>(() => provider.GetServices<IHostedService>().ToArray()).Message
            .ShouldBe("Cannot start worker service with no client and no client connect options");
    }

    [Fact]
    public void Client_OfTheCollection_IsLazy_AndHasItsLoggers()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddTemporalClient(options =>
        {
            options.TargetHost = "localhost:1";
            options.Namespace = "own";
        });
        using var provider = services.BuildServiceProvider();

        var client = provider.GetRequiredService<ITemporalClient>();

        client.ShouldBeSameAs(provider.GetRequiredService<ITemporalClient>());
        (client.Connection.IsConnected, client.Options.Namespace).ShouldBe((false, "own"));
        client.Options.LoggerFactory.ShouldBeSameAs(provider.GetRequiredService<ILoggerFactory>());
    }

    /// <summary>Where the activities of a hosted worker come from, and whether two attempts share the object.</summary>
    public static TheoryData<string, bool> Sources => new()
    {
        { "scoped", false },
        { "transient", false },
        { "singleton", true },
        { "instance", true },
        { "static", true },
    };

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task Activities_ComeFromWhereTheyAreRegistered(string source, bool shared)
    {
        await using var environment = await WorkflowEnvironment.StartLocalAsync();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ITemporalClient>(environment.Client);
        var worker = builder.Services.AddHostedTemporalWorker(SampleWorker.TaskQueue).AddWorkflow<Live.OneActivity>();
        _ = source switch
        {
            "scoped" => worker.AddScopedActivities<Counting>(),
            "transient" => worker.AddTransientActivities<Counting>(),
            "singleton" => worker.AddSingletonActivities<Counting>(),
            "instance" => worker.AddActivitiesInstance(new Counting()),
            _ => worker.AddStaticActivities(typeof(CountingAll)),
        };
        using var host = builder.Build();
        await host.StartAsync();
        async Task<int> CallAsync(string kind) => int.Parse(
            await environment.Client.ExecuteWorkflowAsync((Live.OneActivity workflow) => workflow.RunAsync(kind, false), SampleWorker.Start()).WaitAsync(SampleWorker.Patience),
            System.Globalization.CultureInfo.InvariantCulture);

        // Each kind of result has a way of its own through the scope.
        var counts = new List<int>();
        foreach (var kind in new[] { "Plain", "Task", "Typed" })
        {
            counts.Add(await CallAsync(kind));
        }

        (counts[1] - counts[0], counts[2] - counts[1]).ShouldBe(shared ? (1, 1) : (0, 0));
        await host.StopAsync();
    }

    private static WorkerDeploymentOptions Deployment(string build) => new(new WorkerDeploymentVersion("shop", build), useWorkerVersioning: true);

    public class Counting
    {
        private int calls;

        [Activity("Plain")]
        public string CountPlain() => $"{++calls}";

        [Activity("Task")]
        public Task<string> CountTask() => Task.FromResult(CountPlain());

        [Activity("Typed")]
        public async Task<string> CountAwaited()
        {
            await Task.Yield();
            return CountPlain();
        }
    }

    public static class CountingAll
    {
        private static readonly Counting All = new();

        [Activity("Plain")]
        public static string CountPlain() => All.CountPlain();

        [Activity("Task")]
        public static Task<string> CountTask() => All.CountTask();

        [Activity("Typed")]
        public static Task<string> CountAwaited() => All.CountAwaited();
    }
}
